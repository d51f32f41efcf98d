/** The style sheet of the page around the charts: colours, type, space, dark mode, paper. */

/** Colours hold 4.5 : 1 against the paper where text has them, in light and in dark. */
const light = `--paper:#fdfdfb;--card:#ffffff;--ink:#1a1d21;--quiet:#565d66;--line:#e1e3e0;--faint:#f1f2ef;
--serial:#5a6472;--loop:#0b7268;--threads:#1c5cc9;--processes:#ad2360;--other:#7440b5;
--cpu:#d68a0c;--queue:#f4d9a4;--blocked:#c3ced9;--blocked-dot:#5d7084;--transfer:#7a5bb0;--dispatch:#6d737a;--good:#1c6b3c;--bad:#a8321f`
const dark = `--paper:#15181b;--card:#1b1f23;--ink:#e8eaec;--quiet:#a4abb3;--line:#30363c;--faint:#22272c;
--serial:#a2aebb;--loop:#45c4b2;--threads:#82b1ff;--processes:#ff8fb3;--other:#c49fff;
--cpu:#e5a137;--queue:#5d4a24;--blocked:#3d4a57;--blocked-dot:#9db0c2;--transfer:#a98ae0;--dispatch:#8d949c;--good:#6fd39a;--bad:#ff9d8a`

export const pageStyle = `:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 Inter,"Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header,nav,footer{max-width:1180px;margin:0 auto;padding:0 32px}
header{padding-top:40px}
h1,h2,h3{line-height:1.2;text-wrap:balance;letter-spacing:-.012em}
h1{font-size:clamp(1.65rem,1.1rem + 2.4vw,2.75rem);font-weight:650;max-width:24em;margin:.3em 0 .55em;letter-spacing:-.022em}
h2{font-size:1.5rem;font-weight:650;margin:0 0 1rem}
h3{font-size:1.2rem;font-weight:650;margin:0 0 .25rem}
p{margin:.4em 0;max-width:68ch}
small{font-size:.82em;color:var(--quiet);font-weight:400}
code,pre{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,"DejaVu Sans Mono",monospace}
.brand{font-weight:650;letter-spacing:.01em;margin:0}
.brand span,.machine,.note,.about{color:var(--quiet)}
.brand span{font-weight:400;margin-left:.5em}
.machine,.note{font-size:.86rem}
.lead{font-size:1.02rem}
.standings{list-style:none;margin:0 0 1.2rem;padding:0;border-top:1px solid var(--line)}
.standings li{display:grid;grid-template-columns:minmax(11rem,15rem) 1fr;gap:.25rem 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
.who{display:flex;align-items:center;gap:.5rem;white-space:nowrap}
.standing{font-weight:500}
.unbroken{white-space:nowrap}
.glyph{display:inline-block;min-width:1.1em;text-align:center;font-weight:700}
nav{margin-top:1.6rem;font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;margin:0;padding:0}
nav a{color:var(--quiet);text-underline-offset:.2em;text-decoration-color:var(--line)}
nav a:hover{color:var(--ink)}
section{margin-top:56px;padding-top:28px;border-top:1px solid var(--line)}
article{margin:0 0 56px}
article+article{border-top:1px solid var(--line);padding-top:36px}
.about{margin:.1em 0 .6em}
.found{margin:.4em 0 1.4em;padding-left:1.15em;max-width:80ch;font-size:.95rem}
.found li{margin:.22em 0}
.found .t-winner{font-weight:560}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:28px 44px;align-items:start}
.stack{display:grid;gap:28px;grid-row:span 2}
.charts.wide{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.claims{display:grid;gap:0}
.claim{padding:1rem 0;border-bottom:1px solid var(--line)}
.claim h3{font-size:1.02rem}
.findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:.4rem 2.5rem;font-size:.93rem}
.finding p{margin:.2em 0}
.runtime{font-size:.8rem;color:var(--quiet)}
.outcome{font-weight:650}
.outcome .glyph{text-align:left;margin-right:.3em;min-width:0}
.o-holds{color:var(--good)}
.o-refuted{color:var(--bad)}
.reason{color:var(--quiet)}
.doubts{max-width:80ch;padding-left:1.15em;font-size:.95rem}
.doubts li{margin:.3em 0}
.warning,.failed{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:1.6rem 3rem;margin-top:1.6rem}
dl{margin:.4rem 0 0;font-size:.9rem}
dl div{display:grid;grid-template-columns:9.5rem 1fr;gap:1rem;padding:.28rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--quiet)}
dd{margin:0;font-variant-numeric:tabular-nums}
pre{margin:.6rem 0;padding:.8rem 1rem;background:var(--faint);border-radius:6px;font-size:.86rem;white-space:pre-wrap;user-select:all}
summary{cursor:pointer;font-size:.84rem;color:var(--quiet);width:fit-content}
summary:hover{color:var(--ink)}
.aside{margin-top:1.2rem}
.aside ul{margin:.4rem 0;padding-left:1.15em;max-width:80ch;font-size:.88rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.82rem;font-variant-numeric:tabular-nums;margin:.4rem 0}
th,td{padding:.24rem .9rem .24rem 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:500;color:var(--quiet)}
th:first-child{text-align:left;min-width:7.5rem;white-space:normal}
td:last-child{white-space:normal;min-width:5rem}
tbody th{color:var(--ink)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2px solid var(--threads);outline-offset:3px;border-radius:3px}
footer{margin-top:56px;padding-top:16px;padding-bottom:48px;font-size:.84rem;color:var(--quiet)}
@media (max-width:640px){main,header,nav,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}
.standings li{grid-template-columns:1fr}dl div{grid-template-columns:7.5rem 1fr}section{margin-top:40px}}
@media print{body{font-size:10pt}main,header,nav,footer{max-width:none;padding:0}nav{display:none}header{padding-top:0}
.chart,.claim,.standings li,dl div{break-inside:avoid}h2,h3,figcaption{break-after:avoid}
.plot,.key,.swatch{-webkit-print-color-adjust:exact;print-color-adjust:exact}.scroll{overflow:visible}th,td{white-space:normal}#tip{display:none}}
`
