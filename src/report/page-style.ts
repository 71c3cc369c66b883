/** How pages of reports and documents look: on a screen in light and dark, and on paper. */

/** The whole style sheet; pages use nothing else. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#5b6776;--line:#dfe4ea;--wash:#f5f7f9;--brand:#17375e;--good:#1a6fb0;--bad:#c2470c;--doubt:#7a6a1f;--quiet:#6a7480}
@media (prefers-color-scheme:dark){:root{--paper:#11161c;--ink:#e6ebf0;--soft:#a3afbb;--line:#2c3640;--wash:#1a222b;--brand:#9cc4ee;--good:#6db8f2;--bad:#ff9a62;--doubt:#dcc766;--quiet:#98a4b0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:980px;margin:0 auto;padding:40px 32px 64px}
header{border-bottom:3px solid var(--brand);padding-bottom:18px;margin-bottom:22px}
.kind{margin:0 0 4px;color:var(--brand);font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
h1{margin:0 0 12px;font-size:30px;line-height:1.2;letter-spacing:-.01em}
h2{margin:38px 0 6px;font-size:20px;line-height:1.3}
h3{margin:22px 0 4px;font-size:16px}
p{margin:6px 0 12px}
.about{margin:0;padding:0;list-style:none;color:var(--soft);font-size:14px}
.lead{margin:0;padding:0;list-style:none;display:grid;gap:8px}
.lead li{background:var(--wash);border-left:4px solid var(--line);border-radius:4px;padding:9px 14px}
.lead li.good{border-color:var(--good)}.lead li.bad{border-color:var(--bad)}.lead li.doubt{border-color:var(--doubt)}
.how{color:var(--soft);font-size:14px}
figure{margin:14px 0 18px;overflow-x:auto}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:2px solid var(--line);padding:6px 10px 6px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:6px 10px 6px 0;vertical-align:top}
th.figure,td.figure{text-align:right}td.figure{white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
.tone{font-weight:600;white-space:nowrap}
.tone.good{color:var(--good)}.tone.bad{color:var(--bad)}.tone.doubt{color:var(--doubt)}.tone.quiet{color:var(--quiet);font-weight:400}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:5px 20px;margin:12px 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
.signatures{display:grid;grid-template-columns:1fr 1fr;gap:40px;margin-top:44px}
.signatures p{border-top:1px solid var(--ink);padding-top:6px;margin:52px 0 0;font-size:14px}
footer{margin-top:40px;border-top:1px solid var(--line);padding-top:12px;color:var(--soft);font-size:13px}
footer ul{margin:0;padding-left:18px}
svg.plot{display:block;max-width:100%;min-width:640px;height:auto;font-size:12.5px}
svg text{fill:var(--ink)}svg .label{text-anchor:end}svg .note{fill:var(--soft)}
svg .tick{text-anchor:middle;fill:var(--soft);font-size:11.5px}svg .marked{fill:var(--ink);font-weight:600}
svg .grid{stroke:var(--line);stroke-width:1}svg .mark{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:4 3}
svg .range{stroke-width:3;stroke-linecap:round;opacity:.55}
svg .good .range,svg .good .point{stroke:var(--good);fill:var(--good)}svg .bad .range,svg .bad .point{stroke:var(--bad);fill:var(--bad)}
svg .doubt .range,svg .doubt .point{stroke:var(--doubt);fill:var(--doubt)}svg .quiet .range,svg .quiet .point{stroke:var(--quiet);fill:var(--quiet)}
figcaption{font-size:14px;font-weight:600;margin:0 0 4px}
svg.week{display:block;max-width:100%;min-width:560px;height:auto;font-size:12px}svg.week .day{text-anchor:end}svg.week .hour{text-anchor:middle;fill:var(--soft);font-size:11px}
svg.week .cell{stroke:var(--paper);stroke-width:1.5}svg.week .good .cell{fill:var(--good);opacity:.75}svg.week .bad .cell{fill:var(--bad)}svg.week .doubt .cell{fill:var(--doubt);opacity:.6}svg.week .quiet .cell{fill:var(--line);opacity:.6}
svg.week .sign{fill:var(--paper);text-anchor:middle;font-size:10px;font-weight:700}
@page{size:A4;margin:18mm 16mm}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#1b2430;--soft:#4a5563;--line:#d5dbe2;--wash:#f5f7f9;--brand:#17375e;--good:#1a6fb0;--bad:#c2470c;--doubt:#7a6a1f;--quiet:#6a7480}body{font-size:10.5pt}main{max-width:none;padding:0}table{font-size:9pt}h2,h3{break-after:avoid}tr,figure,.lead li,.signatures{break-inside:avoid}thead{display:table-header-group}.scroll,figure{overflow:visible}svg.plot,svg.week{min-width:0}}
`;
