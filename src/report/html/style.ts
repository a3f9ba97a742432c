/** The report's style: a sheet of paper, dark at night, and light again in print. */

export const STYLE = `
:root {
  --paper: #fff; --ink: #1b1d21; --soft: #5b6169; --line: #dcdfe3; --shade: #f4f5f7;
  --accent: #2a5db0; --yes: #0b6b3a; --no: #b3261e; --unsure: #8a4b00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --ink: #e7e9ec; --soft: #a3a9b2; --line: #33373e; --shade: #1e2127;
    --accent: #8ab4f8; --yes: #6dd69c; --no: #ff958c; --unsure: #f0b856;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
main { max-width: 50rem; margin: 0 auto; padding: 3.5rem 1.25rem 3rem; }
.yes { --tone: var(--yes); } .no { --tone: var(--no); } .unsure { --tone: var(--unsure); } .plan { --tone: var(--accent); }
h1 { display: flex; gap: .6em; margin: 0 0 .6rem; font-size: 1.9rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
.mark {
  flex: none; width: 1.25em; height: 1.25em; border-radius: 50%; background: var(--tone); color: var(--paper);
  font-size: 1em; line-height: 1.25em; text-align: center; letter-spacing: 0;
}
h2 { margin: 3rem 0 .8rem; font-size: 1.2rem; line-height: 1.3; font-weight: 650; }
h3 { margin: 1.8rem 0 .3rem; font-size: 1rem; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0 0 .8rem; max-width: 42rem; }
.lead { font-size: 1.1rem; overflow-wrap: anywhere; white-space: pre-line; }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: 1.6rem 0; }
.facts div { display: contents; }
dt, tbody th, tfoot th { color: var(--soft); font-weight: 400; }
dd { margin: 0; overflow-wrap: anywhere; }
.facts dd { grid-column: 2; }
.links { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; }
a { color: var(--accent); text-underline-offset: .15em; }
.exceptions { margin: 0; padding: .9rem 1rem .9rem 2.1rem; background: var(--shade); border-radius: .4rem; overflow-wrap: anywhere; }
.exceptions li + li { margin-top: .3rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .38rem 1rem .38rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 400; }
tfoot th, tfoot td { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.counts th { width: 11rem; }
details .counts th { width: 16rem; }
.counts td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.shares th { white-space: nowrap; width: 1%; }
.shares td { vertical-align: middle; }
.shares .number { width: 1%; }
.directories td:nth-child(-n+2) { white-space: nowrap; width: 1%; }
.bar { height: .55rem; min-width: 3rem; }
.bar div { height: 100%; min-width: 1px; border-radius: 1px; background: var(--accent); }
figure { margin: 1.8rem 0 0; }
figcaption { margin-bottom: .5rem; }
.plot { display: grid; grid-template-columns: 6rem 1fr; }
.plot svg { display: block; width: 100%; height: 8rem; overflow: visible; }
.scale { white-space: nowrap; display: flex; flex-direction: column; justify-content: space-between; margin: -.6rem 0; padding-right: .7rem; color: var(--soft); font-size: .8rem; text-align: right; font-variant-numeric: tabular-nums; }
svg path { fill: none; vector-effect: non-scaling-stroke; }
svg .grid { stroke: var(--line); }
svg .boundary { stroke: var(--soft); stroke-dasharray: 2 3; }
svg .line { stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; }
svg .area { fill: var(--accent); fill-opacity: .16; }
.axis { margin: .4rem 0 1rem 6rem; color: var(--soft); font-size: .8rem; }
.phases { display: flex; }
.phases span { flex: 0 1 auto; min-width: 0; padding: .15rem .2rem 0; overflow: hidden; text-align: center; text-overflow: ellipsis; border-top: 2px solid var(--line); white-space: nowrap; }
.phases span + span { border-left: 1px solid var(--soft); }
.clock { display: flex; justify-content: space-between; font-variant-numeric: tabular-nums; }
details { margin-top: .9rem; }
summary { width: fit-content; cursor: pointer; color: var(--accent); }
summary:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.wide { overflow-x: auto; }
.count { margin-left: .4em; padding: .05em .55em; border-radius: 1em; background: var(--shade); color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
.paths { margin: .6rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.paths li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .8em; padding: .38rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
/* A directory's paths are set in below it. */
.paths .directory { display: block; padding-bottom: 0; border-bottom: 0; }
.paths .directory ul { margin: .2rem 0 0; padding: 0 0 0 1.2rem; list-style: none; border-top: 1px solid var(--line); }
.what { flex: 0 0 4.2em; color: var(--soft); font-size: .9rem; }
.reason { color: var(--soft); font-size: .9rem; }
.digests { flex-basis: 100%; display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .1rem 0 0; font-size: .85rem; }
footer { margin-top: 3.5rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 34rem) {
  main { padding-top: 2rem; }
  h1 { font-size: 1.5rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { grid-column: 1; }
  .facts dd:last-child { margin-bottom: .6rem; }
  .counts th, details .counts th { width: 40%; }
  .plot { grid-template-columns: 5.2rem 1fr; }
  .axis { margin-left: 5.2rem; }
  th, td { padding-right: .6rem; }
  .bar { min-width: 1.2rem; }
  .directories thead { display: none; }
  .directories tr { display: grid; grid-template-columns: 1fr auto; padding: .38rem 0; border-bottom: 1px solid var(--line); }
  .directories td { padding: 0; border: 0; }
  .directories td:last-child { grid-column: 1 / -1; }
}
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, tr, .paths li, .exceptions { break-inside: avoid; }
  .mark, .bar div, .count, .exceptions { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
