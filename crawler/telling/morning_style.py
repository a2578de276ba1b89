"""How the page of the morning report looks: the reader's own fonts, light or dark, on paper too."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c2126; --soft: #59636e; --paper: #fff; --line: #d9dee3;
  --bar: #2f6f9f; --wrong: #a4371f; --well: #2c6e49; --tint: #f4f6f8; --more: #fdf3d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --soft: #9aa5b0; --paper: #15191d;
  --line: #343c44; --bar: #6fb1e0; --wrong: #f08a6d; --well: #7cc79b; --tint: #1d2328;
  --more: #3a3214; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 2rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "Noto Sans Arabic", "Geeza Pro", Tahoma, sans-serif; overflow-wrap: anywhere; }
header { border-block-start: 4px solid var(--well); padding-block-start: .75rem; }
header.bad { border-color: var(--wrong); }
.brand { margin: 0; color: var(--soft); font-size: .85rem; }
h1 { margin: .1rem 0 .3rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; }
.about { margin: 0; color: var(--soft); font-size: .9rem; }
h2 { margin: 1.6rem 0 .4rem; padding-block-start: .5rem; border-block-start: 1px solid var(--line);
  font-size: 1.1rem; }
h3 { margin: .8rem 0 .2rem; font-size: .95rem; }
p { margin: .4rem 0; }
.mild { color: var(--soft); font-size: .85rem; }
a { color: inherit; text-decoration-color: var(--bar); text-underline-offset: .15em; }
code { padding: 0 .25em; border-radius: 3px; background: var(--tint); font-size: .9em;
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
ul { margin: .3rem 0; padding-inline-start: 1.1rem; }
ul > li { margin-block: .3rem; text-align: start; }
li.wrong, li.began { list-style: none; margin-inline-start: -1.1rem; padding: .3rem .7rem;
  border-inline-start: 3px solid var(--wrong); background: var(--tint); }
.steps { margin: .2rem 0; padding-inline-start: 1.3rem; font-size: .95rem; }
li > details { margin: .1rem 0; font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-size: .95rem; }
th, td { padding: .15rem .9rem .15rem 0; text-align: start; vertical-align: baseline;
  overflow-wrap: break-word; }
th { color: var(--soft); font-size: .8rem; font-weight: 500; overflow-wrap: normal;
  border-block-end: 1px solid var(--line); }
.figure { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:last-child { padding-inline-end: .4rem; }
tr.more > td { background: var(--more); font-weight: 600; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--soft); }
.pictures { display: grid; gap: .4rem 1.5rem; margin: .7rem 0 .2rem;
  align-items: end; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); }
figure { margin: 0; max-inline-size: 28rem; }
figcaption { font-size: .85rem; line-height: 1.35; }
.bars { display: block; inline-size: 100%; block-size: 3.4rem; margin-block-start: .2rem; }
.floor { stroke: var(--line); stroke-width: 1; }
.bar { fill: var(--bar); }
.dark { fill: var(--wrong); fill-opacity: .15; }
.cross { stroke: var(--wrong); stroke-width: 1.4; fill: none; }
.dot { fill: var(--wrong); }
.key { display: inline-block; inline-size: .6rem; block-size: .6rem; margin-inline-start: .5rem; }
.key.bar { background: var(--bar); margin-inline-start: 0; }
.key.dark { border: 1px solid var(--wrong); }
.key.dot { border-radius: 50%; background: var(--wrong); block-size: .4rem; inline-size: .4rem; }
footer { margin-block-start: 1.6rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 34rem) { body { padding: .75rem .8rem 1.5rem; } h1 { font-size: 1.25rem; }
  th, td { padding-inline-end: .6rem; } }
@media print { a { text-decoration: none; } body { max-width: none; padding: 0; font-size: 10pt; }
  h2, li, figure, tr { break-inside: avoid; } details > :not(summary) { display: none; } }
"""
"""The style sheet; a reader's browser needs nothing else."""
