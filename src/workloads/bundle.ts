/** Bundles a workload's source once, so that every executor imports the very same bytes. */

/** A workload module, bundled. */
export interface WorkloadBundle {
  /** Absolute path of the source. */
  readonly file: string
  /** `file:` URL of the bundled module. */
  readonly url: string
  /** SHA-256 of the bundle, in hex. */
  readonly sha256: string
}
