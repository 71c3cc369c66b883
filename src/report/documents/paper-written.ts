/** A document as a printable page, or as Markdown. */
import { escaped } from "../markup.ts";
import { pageOf, tableHtml } from "../page.ts";
import { type ShownTable, wordsOf } from "../shown.ts";
import type { Block, Paper } from "./paper.ts";

/** One HTML file, made to be printed on A4. */
export function paperHtml({ kind, title, cover, sections, foot }: Paper): string {
  const parts = sections.map(
    ({ title: heading, blocks }, i) =>
      `<section><h2>${i + 1}. ${escaped(heading)}</h2>${blocks.map(blockHtml).join("")}</section>`,
  );
  return pageOf(
    title,
    `<header><p class="kind">${escaped(kind)}</p><h1>${escaped(title)}</h1>${factsHtml(cover)}</header>
${parts.join("\n")}
<footer><ul>${foot.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul></footer>`,
  );
}

function factsHtml(facts: readonly (readonly [string, string])[]): string {
  return `<dl class="facts">${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("")}</dl>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "sentence":
      return `<p>${escaped(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
    case "facts":
      return factsHtml(block.facts);
    case "table":
      return tableHtml(block.table);
    case "signatures":
      return `<div class="signatures">${block.parties.map((party) => `<p>${escaped(party)}<br>Name, place and date</p>`).join("")}</div>`;
  }
}

/** CommonMark with pipe tables; text from outside is taken literally. */
export function paperMarkdown({ kind, title, cover, sections, foot }: Paper): string {
  const parts = sections.flatMap(({ title: heading, blocks }, i) => [
    `## ${i + 1}. ${literal(heading)}`,
    ...blocks.map(blockMarkdown),
  ]);
  return `${[`# ${literal(title)}`, literal(kind), factsMarkdown(cover), ...parts, "---", foot.map((line) => `- ${literal(line)}`).join("\n")].join("\n\n")}\n`;
}

function factsMarkdown(facts: readonly (readonly [string, string])[]): string {
  return facts.map(([name, value]) => `- ${literal(name)}: ${literal(value)}`).join("\n");
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "sentence":
      return literal(block.text);
    case "list":
      return block.items.map((item) => `- ${literal(item)}`).join("\n");
    case "facts":
      return factsMarkdown(block.facts);
    case "table":
      return tableMarkdown(block.table);
    case "signatures":
      return block.parties
        .map((party) => `${literal(party)} (name, place and date): ................`)
        .join("\n\n");
  }
}

function tableMarkdown({ head, figures, rows, empty }: ShownTable): string {
  if (rows.length === 0) return literal(empty);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head.map(literal)),
    line(head.map((_, i) => (figures.includes(i) ? "--:" : "---"))),
    ...rows.map((row) => line(row.map((cell) => literal(wordsOf(cell))))),
  ].join("\n");
}

/** Signs that Markdown or HTML would act on are escaped, and a line stays one line. */
function literal(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
}
