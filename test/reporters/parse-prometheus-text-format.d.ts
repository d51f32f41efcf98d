/** What the parser of Prometheus' text format gives, as far as a test looks at it; it comes without types. */
declare module 'parse-prometheus-text-format' {
  interface Family {
    readonly name: string
    readonly type: string
    readonly metrics: readonly { readonly value: string; readonly labels?: Record<string, string> }[]
  }
  export default function parsePrometheusTextFormat(text: string): readonly Family[]
}
