/** The style sheet of the charts: what carries which colour, pattern and weight. */

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

export const chartStyle = `${executorColors}
figure{margin:0;min-width:0}
article>figure{margin-top:28px}
figcaption{font-size:.92rem;font-weight:600;margin-bottom:.7rem;line-height:1.35}
figcaption small{display:block;font-size:.8rem}
.plot{position:relative}
.plot svg{display:block;width:100%;overflow:visible;color:var(--ink)}
.plot svg[viewBox]{height:auto;max-width:460px}
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
.leader{stroke:var(--x);opacity:.55;fill:none}
.reach{fill:var(--x);opacity:.1}
.crossing{stroke:var(--x);stroke-width:1.5;fill:none}
svg .row{font-size:12.5px}
svg .row:not(.label){fill:var(--ink)}
svg .head{font-size:12px;fill:var(--quiet)}
.tile{fill:color-mix(in srgb,var(--x) 20%,var(--paper))}
.tile.open{fill:url(#p-open)}
.tile-name{font-weight:600}
svg .tile-size{font-size:11px;fill:var(--quiet)}
.part{stroke:var(--paper);stroke-width:1}
.expected{fill:var(--x,var(--quiet));opacity:.2}
.expected-at{stroke:var(--x,var(--quiet));stroke-width:2;stroke-dasharray:3 2}
.found{stroke:var(--x,var(--quiet));stroke-width:2}
.found-at{fill:var(--quiet)}
.track{fill:var(--faint)}
.task{fill:none;stroke:var(--paper);stroke-width:1}
.end{stroke:var(--x);stroke-width:2}
.s-cpu{fill:var(--cpu)}
.s-hidden{fill:url(#p-hidden)}
.s-runQueue{fill:url(#p-queue)}
.s-blocked{fill:url(#p-blocked)}
.s-transfer{fill:url(#p-transfer)}
.s-dispatch{fill:url(#p-dispatch)}
.s-waiting{fill:var(--paper);stroke:var(--quiet)!important;stroke-dasharray:2 2}
.s-ran{fill:var(--quiet)}
.s-unknown{fill:var(--faint);stroke:var(--quiet)!important}
.f-cpu{fill:var(--cpu)}.f-queue{fill:var(--queue)}.f-blocked{fill:var(--blocked)}.f-blocked-dot{fill:var(--blocked-dot)}
.f-transfer{fill:var(--transfer)}.f-dispatch{fill:var(--dispatch)}.f-open{fill:var(--faint)}
.t-paper{stroke:var(--paper);stroke-width:1.4}.t-queue{stroke:var(--cpu);stroke-width:3}.t-open{stroke:var(--line);stroke-width:4}
.m:hover .full,.m:hover .hollow,.m.on .full,.m.on .hollow{stroke-width:3.5}
.m:hover .part,.m.on .part,.m:hover .task,.m.on .task{stroke:var(--ink);stroke-width:1.5}
.m:hover .tile,.m.on .tile{stroke:var(--ink);stroke-width:1.5}
.data{margin-top:.5rem}
.data .data{margin-left:0}
#tip{position:absolute;z-index:2;max-width:min(22rem,calc(100vw - 24px));padding:.4rem .65rem;border-radius:6px;background:var(--ink);color:var(--paper);font-size:.82rem;line-height:1.4;pointer-events:none}
#tip[hidden]{display:none}
`
