/** The style sheet of the charts: what carries which colour, pattern and weight. */

import type { State } from '../states.ts'

const executors = {
  serial: 'serial',
  'event-loop': 'loop',
  threads: 'threads',
  processes: 'processes',
  other: 'other',
}

const executorColors = Object.entries(executors)
  .map(([name, color]) => `.x-${name}{--x:var(--${color})}`)
  .join('\n')

/** Rust and blue, which look apart to nearly all; what did not change steps back. */
const changeColors = '.x-slower{--x:var(--bad)}.x-faster{--x:var(--threads)}.x-steady{--x:var(--quiet)}'

/** Of the states of time, as a fill and as a line. */
const paints: Readonly<Record<State, string>> = {
  cpu: 'var(--cpu)',
  hidden: 'url(#p-hidden)',
  runQueue: 'url(#p-queue)',
  blocked: 'url(#p-blocked)',
  transfer: 'url(#p-transfer)',
  dispatch: 'url(#p-dispatch)',
  way: 'url(#p-transfer)',
  waiting: 'var(--paper)',
  ran: 'var(--quiet)',
  unknown: 'var(--faint)',
}

export const chartStyle = `${executorColors}
${changeColors}
figure{margin:0;min-width:0}
article>figure{margin-top:28px}
figcaption{font-size:.92rem;font-weight:600;margin-bottom:.7rem;line-height:1.35}
figcaption small{display:block;font-size:.8rem}
.plot{position:relative}
.plot>svg{display:block;width:100%;overflow:visible;color:var(--ink)}
.plot>svg[viewBox]{height:auto;max-width:460px}
svg text{font-size:12px;fill:currentColor;font-variant-numeric:tabular-nums}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0 0 .7rem;padding:0;font-size:.78rem;color:var(--quiet)}
.key li{display:flex;align-items:center;gap:.45rem}
.patterns{position:absolute}
.grid path,.grid line{stroke:var(--line);fill:none}
.grid .tick,.grid .axis,.axis{stroke:var(--quiet);fill:none}
.grid text{fill:var(--quiet);font-size:11px}
.line{stroke:var(--x);stroke-width:2;fill:none;stroke-linejoin:round}
.band{fill:var(--x);opacity:.13}
.whisker{stroke:var(--x);stroke-width:2;opacity:.5}
.full{fill:var(--x);stroke:var(--x);stroke-width:1.5}
.hollow{fill:var(--paper);stroke:var(--x);stroke-width:1.5}
.hit{fill:transparent}
.label{fill:var(--x)!important;font-weight:600}
.ink{color:var(--x)}
.pair{overflow:visible}
.leader{stroke:var(--x);opacity:.55;fill:none}
.reach{fill:var(--x);opacity:.1}
.crossing{stroke:var(--x);stroke-width:1.5;fill:none}
svg .row{font-size:12.5px}
svg .row:not(.label){fill:var(--ink)}
svg .cell{font-size:11px}
svg .head{font-size:12px;fill:var(--quiet)}
.tile{fill:var(--faint)}
.tint{fill:color-mix(in srgb,var(--x) 20%,var(--paper))}
.solid{fill:var(--x)}
.open{fill:url(#p-open)}
.tile-name{font-weight:600}
svg .tile-size{font-size:11px;fill:var(--quiet)}
.k{width:22px;height:12px}
.k rect{width:100%;height:100%}
.bar rect{height:100%}
.bar rect{stroke:var(--paper);stroke-width:1}
.expected{fill:var(--x,var(--quiet));opacity:.2}
.expected-at{stroke:var(--x,var(--quiet));stroke-width:2;stroke-dasharray:3 2}
.found{stroke:var(--x,var(--quiet));stroke-width:2}
.found-at{fill:var(--quiet)}
.track{stroke:var(--faint)}
.lanes{width:100%}
.lanes path{fill:none}
.lanes .m{stroke:transparent;pointer-events:stroke}
.lanes .m:hover,.lanes .m.on{stroke:var(--ink);opacity:.45}
svg .end{text-anchor:end}
.finish{stroke:var(--x);stroke-width:2}
${Object.entries(paints)
  .map(([state, paint]) => `.s-${state}{fill:${paint}}.l-${state}{stroke:${paint}}`)
  .join('\n')}
.s-waiting{stroke:var(--quiet)!important;stroke-dasharray:2 2}
.s-unknown{stroke:var(--quiet)!important}
.f-cpu{fill:var(--cpu)}.f-queue{fill:var(--queue)}.f-blocked{fill:var(--blocked)}.f-blocked-dot{fill:var(--blocked-dot)}
.f-transfer{fill:var(--transfer)}.f-dispatch{fill:var(--dispatch)}.f-open{fill:var(--faint)}
.t-paper{stroke:var(--paper);stroke-width:1.4}.t-queue{stroke:var(--cpu);stroke-width:3}.t-open{stroke:var(--line);stroke-width:4}
.m:hover .full,.m:hover .hollow,.m.on .full,.m.on .hollow{stroke-width:3.5}
.bar.m:hover rect,.bar.m.on rect{stroke:var(--ink)!important}
rect.m:hover,rect.m.on{stroke:var(--ink)!important;stroke-width:1.5!important;stroke-dasharray:none!important}
.m:hover .tile,.m.on .tile{stroke:var(--ink);stroke-width:1.5}
.data{margin-top:.5rem}
.data .data{margin-left:0}
#tip{position:absolute;z-index:2;max-width:min(22rem,calc(100vw - 24px));padding:.4rem .65rem;border-radius:6px;background:var(--ink);color:var(--paper);font-size:.82rem;line-height:1.4;pointer-events:none}
#tip[hidden]{display:none}
`
