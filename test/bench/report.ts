/** What the benchmark says: one JSON document, and one table that a person can read. */
import { cpus, loadavg, totalmem } from "node:os";
import { rounded } from "./numbers.ts";

/** `most` or `least` that is allowed. */
export type Bound = { readonly most: number } | { readonly least: number };

/** One measured figure. */
export interface Row {
  readonly figure: string;
  readonly what: string;
  /** null = not measured in this run; `note` says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly bound: Bound | null;
  /** Counts decide whether the run passes; times are only reported. */
  readonly kind: "count" | "time";
  /** Measured in the same run, for comparison. */
  readonly beside: string;
  readonly note: string;
}

export interface Report {
  readonly at: string;
  readonly mode: "quick" | "full";
  /** false = figures are still to come, or the run was broken off. */
  readonly complete: boolean;
  readonly machine: {
    readonly cores: number;
    readonly memoryGb: number;
    readonly platform: string;
    readonly node: string;
    readonly loadAtStart: number;
    readonly loadAtEnd: number;
  };
  readonly seconds: number;
  readonly passed: boolean;
  readonly rows: readonly Row[];
  /** Everything else that was seen, by figure. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a figure hands in. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly details: unknown;
}

/** A row; what is left out is empty. */
export function row(given: Pick<Row, "figure" | "what" | "value" | "unit" | "kind"> & Partial<Row>): Row {
  return {
    bound: null,
    beside: "",
    note: "",
    ...given,
    value: given.value === null ? null : rounded(given.value),
  };
}

/** Is the bound kept? null = there is none, or nothing was measured. */
export function isMet({ bound, value }: Row): boolean | null {
  if (bound === null || value === null) return null;
  return "most" in bound ? value <= bound.most : value >= bound.least;
}

/** Does the run pass? Counts decide; a time that misses its bound is only said. */
export function passes(rows: readonly Row[]): boolean {
  return rows.every((one) => one.kind === "time" || isMet(one) !== false);
}

/** The machine in general words. */
export function machine(loadAtStart: number): Report["machine"] {
  return {
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: process.platform,
    node: process.version,
    loadAtStart,
    loadAtEnd: load(),
  };
}

/** How many processes wanted a core during the last minute. */
export function load(): number {
  return rounded(loadavg()[0] ?? 0);
}

const HEAD = ["figure", "measured", "value", "bound", "", "beside it in the same run"] as const;

/** The rows as a Markdown table, aligned so that it can be read as it is. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((one) => [
    one.figure,
    one.what,
    one.value === null ? "–" : `${one.value} ${one.unit}`.trim(),
    boundText(one),
    verdict(one),
    [one.beside, one.note].filter((text) => text !== "").join("; "),
  ]);
  const widths = HEAD.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, i) => (i === texts.length - 1 ? text : text.padEnd(widths[i] ?? 0))).join(" | ")} |`;
  return [line(HEAD), `|${widths.map(() => "---").join("|")}|`, ...cells.map(line)].join("\n");
}

function boundText({ bound, unit }: Row): string {
  if (bound === null) return "";
  return "most" in bound ? `≤ ${bound.most} ${unit}`.trim() : `≥ ${bound.least} ${unit}`.trim();
}

function verdict(one: Row): string {
  const met = isMet(one);
  if (one.value === null) return "NOT MEASURED";
  if (met === null) return "";
  if (met) return "met";
  return one.kind === "count" ? "MISSED" : "missed";
}
