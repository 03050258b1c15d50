extension HTML {
  /// The looks of a report: light and dark, on a phone, a wide screen and paper.
  static let looks = stylesheet(
    """
    :root { color-scheme: light dark; --page: #fff; --ink: #1c2430; --soft: #5a6472; --rule: #d5dbe3; \
    --band: #f3f5f8; --link: #0b5cad; --good: #0a6b3d; --bad: #b3261e; --warn: #fff4d6; \
    --c0: #0067a9; --c1: #c24e00; --c2: #00835f; --c3: #a8438a; --c4: #806200; --c5: #5a4fcf; \
    --c6: #4d5663; --c7: #b3261e; --front: #b9c3d0; --paper: #1c2430; \
    --h0: #fff; --h1: #f2f7fc; --h2: #e1edf8; --h3: #cde1f2; --h4: #b3d2ea; --h5: #92bfe0; --h6: #6ca8d3; \
    --h7: #468ec2; --h8: #2772ad; --h9: #105693; --h10: #083b6f; --deep: #fff; }
    @media screen and (prefers-color-scheme: dark) { :root { --page: #12161c; --ink: #e4e8ee; --soft: #a3adba; \
    --rule: #343d49; --band: #1b2129; --link: #7db8f2; --good: #6fd39b; --bad: #ff9a8f; --warn: #3a3216; \
    --c0: #5fb4f0; --c1: #f29a55; --c2: #45c9a0; --c3: #e391c8; --c4: #d6bb4a; --c5: #aba3ff; \
    --c6: #b4bdc9; --c7: #ff8a7d; --front: #4c5766; --paper: #e4e8ee; \
    --h0: #12161c; --h1: #14202e; --h2: #15293f; --h3: #163351; --h4: #184066; --h5: #1c4f7d; --h6: #245f95; \
    --h7: #3474ae; --h8: #5590c6; --h9: #86b3dd; --h10: #bcd8f1; --deep: #0d1116; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--page); color: var(--ink); \
    font: 1rem/1.5 system-ui, "DejaVu Sans", "Segoe UI", Roboto, sans-serif; }
    header, main, footer { max-width: 100rem; margin: 0 auto; padding: 0 1rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 1.5rem 0 .25rem; }
    h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.5rem 0 .25rem; padding-top: .75rem; \
    border-top: 2px solid var(--rule); overflow-wrap: anywhere; }
    h3 { font-size: 1.08rem; margin: 1.75rem 0 .5rem; }
    p { margin: .25rem 0 .75rem; max-width: 48rem; overflow-wrap: anywhere; }
    a { color: var(--link); }
    nav ul { list-style: none; margin: .75rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
    .soft { color: var(--soft); }
    .caution { background: var(--warn); border-left: .25rem solid var(--c4); padding: .5rem .75rem; }
    .scroll { overflow-x: auto; max-width: 100%; margin: .5rem 0 1rem; }
    .scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .85rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: .25rem 0; }
    th, td { padding: .28rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); \
    white-space: nowrap; }
    thead th { vertical-align: bottom; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--rule); }
    tbody th[scope=row] { font-weight: 500; position: sticky; left: 0; background: var(--page); max-width: 22rem; \
    white-space: normal; overflow-wrap: break-word; min-width: 7rem; }
    tr.group th { background: var(--band); font-weight: 600; padding-top: .45rem; }
    tr.group th span { position: sticky; left: .6rem; }
    td.number, th.number { text-align: right; }
    td.words { white-space: normal; min-width: 14rem; overflow-wrap: anywhere; }
    .strong { font-weight: 700; } .faint { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 2rem; }
    figure { margin: 0 0 .5rem; min-width: 0; max-width: 46rem; }
    figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .25rem; overflow-wrap: anywhere; }
    svg.chart { width: 100%; height: auto; display: block; }
    svg text { font-family: inherit; font-size: 13px; fill: var(--ink); }
    svg .tick { fill: var(--soft); }
    svg .grid { stroke: var(--rule); stroke-width: 1; }
    svg .axis { fill: none; stroke: var(--soft); stroke-width: 1.25; }
    svg .line { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
    svg .interval { fill: none; stroke-width: 1; opacity: .45; }
    svg .mark { stroke: var(--page); stroke-width: .75; }
    .series { --own: var(--c0); } .c1 { --own: var(--c1); } .c2 { --own: var(--c2); } .c3 { --own: var(--c3); }
    .c4 { --own: var(--c4); } .c5 { --own: var(--c5); } .c6 { --own: var(--c6); } .c7 { --own: var(--c7); }
    .series .line, .series .interval { stroke: var(--own); } .series .mark { fill: var(--own); }
    .d1 .line { stroke-dasharray: 7 3; } .d2 .line { stroke-dasharray: 2 3; }
    .control .line { stroke-dasharray: 1.5 4; stroke-width: 1.25; } .control .mark { fill: var(--page); stroke: var(--own); stroke-width: 1.5; }
    .front .line { stroke: var(--front); stroke-width: 7; opacity: .7; }
    .diagonal .line { stroke: var(--soft); stroke-dasharray: 4 4; stroke-width: 1; }
    .published .mark { fill: none; stroke: var(--paper); stroke-width: 1.5; }
    .legend { list-style: none; margin: .25rem 0 .5rem; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem 1rem; \
    font-size: .82rem; }
    .legend li { overflow-wrap: anywhere; } .legend svg { vertical-align: -2px; }
    .density td, .density thead th { padding: .28rem .4rem; }
    .density td { text-align: center; border: 1px solid var(--page); min-width: 2.6rem; }
    .h0 { background: var(--h0); color: var(--soft); } .h1 { background: var(--h1); } .h2 { background: var(--h2); }
    .h3 { background: var(--h3); } .h4 { background: var(--h4); } .h5 { background: var(--h5); }
    .h6 { background: var(--h6); } .h7 { background: var(--h7); } .h8 { background: var(--h8); }
    .h9 { background: var(--h9); } .h10 { background: var(--h10); }
    .h7, .h8, .h9, .h10 { color: var(--deep); }
    @media screen and (prefers-color-scheme: dark) { .h7 { color: var(--ink); } }
    .h-none { color: var(--soft); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 48rem); gap: .3rem 1.25rem; font-size: .9rem; margin: .5rem 0; }
    dt { color: var(--soft); grid-column: 1; } dd { margin: 0; overflow-wrap: anywhere; grid-column: 2; }
    details { margin: .25rem 0 1rem; } summary { cursor: pointer; color: var(--soft); font-size: .85rem; }
    footer { margin-top: 3rem; padding-bottom: 3rem; }
    @media (max-width: 40rem) { h1 { font-size: 1.4rem; } dl { grid-template-columns: minmax(0, 1fr); gap: .1rem; } \
    dd { margin-bottom: .5rem; grid-column: 1; } svg text { font-size: 15px; } tbody th[scope=row] { max-width: 9rem; overflow-wrap: anywhere; } }
    @media print { @page { margin: 12mm; } body { font-size: 9.5pt; } header, main, footer { max-width: none; padding: 0; } \
    nav, details { display: none; } .scroll { overflow: visible; } table { font-size: 6.5pt; } \
    th, td { padding: .15rem .3rem; } tbody th[scope=row] { min-width: 0; position: static; } td.words { min-width: 8rem; } tr.group th span { position: static; } \
    figure, tr, .density { break-inside: avoid; } h2, h3 { break-after: avoid; } \
    .figures { grid-template-columns: 1fr 1fr; } .board { break-before: page; } .board:first-child { break-before: auto; } \
    td[class*="h"], .caution { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
    """)
}
