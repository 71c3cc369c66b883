/** A report, or a document, as one HTML file: nothing is loaded from anywhere, nothing in it runs. */
import { createHash } from "node:crypto";
import { escaped } from "./markup.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { svgOf } from "./plots.ts";
import {
  type Cell,
  type Shown,
  type ShownPart,
  type ShownTable,
  type Tone,
  toneOf,
  type WeekPlot,
  wordsOf,
} from "./shown.ts";
import { aboutLines } from "./text.ts";
import { weekSvg } from "./week-plot.ts";

/** A sign for each tone, for print without colour and eyes that see none. */
const SIGNS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✕", doubt: "≈", quiet: "·" };

/** The page of a report. */
export function htmlOf({ frame, clock, lead, parts }: Shown): string {
  const about = aboutLines(frame, clock).map((line) => `<li>${escaped(line)}</li>`);
  const answers = lead.map((cell) => `<li class="${toneOf(cell) ?? "quiet"}">${escaped(wordsOf(cell))}</li>`);
  const notes = frame.notes.map((note) => `<li>${escaped(note)}</li>`);
  return pageOf(
    frame.title,
    `<header><p class="kind">${escaped(`Report: ${frame.name}`)}</p><h1>${escaped(frame.title)}</h1><ul class="about">${about.join("")}</ul></header>
<ul class="lead">${answers.join("")}</ul>
${parts.map(partOf).join("\n")}
<footer><ul>${notes.join("")}</ul></footer>`,
  );
}

/** A whole page around a body that is safe already. Its policy allows this style sheet and nothing else. */
export function pageOf(title: string, body: string): string {
  const hash = createHash("sha256").update(PAGE_STYLE).digest("base64");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title><style>${PAGE_STYLE}</style></head>
<body><main>
${body}
</main></body></html>
`;
}

function partOf({ title, about, plot, weeks, table }: ShownPart): string {
  const drawn = [plot === null ? "" : svgOf(plot), ...(weeks ?? []).map(weekHtml)].filter(
    (one) => one !== "",
  );
  const figures = drawn.map((one) => `<figure>${one}</figure>`).join("");
  return `<section><h2>${escaped(title)}</h2><p class="how">${escaped(about)}</p>${figures}${tableHtml(table)}</section>`;
}

function weekHtml(week: WeekPlot): string {
  return `<figcaption>${escaped(week.title)}</figcaption>${weekSvg(week)}`;
}

/** A table, or the sentence that stands for an empty one. */
export function tableHtml({ head, figures, rows, empty }: ShownTable): string {
  if (rows.length === 0) return `<p>${escaped(empty)}</p>`;
  const side = (i: number): string => (figures.includes(i) ? ' class="figure"' : "");
  const heads = head.map((name, i) => `<th scope="col"${side(i)}>${escaped(name)}</th>`).join("");
  const lines = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${side(i)}>${cellHtml(cell)}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${lines.join("\n")}</tbody></table></div>`;
}

function cellHtml(cell: Cell): string {
  const tone = toneOf(cell);
  const text = escaped(wordsOf(cell));
  return tone === null ? text : `<span class="tone ${tone}">${SIGNS[tone]} ${text}</span>`;
}
