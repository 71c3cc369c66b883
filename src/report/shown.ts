/** A report as people see it, before any format: sentences, tables, plots. One shape, written as text, CSV or HTML. */
import type { ReportFrame } from "./frame.ts";

/** How a cell or a mark is to be taken; shown by a sign as well as by colour. */
export type Tone = "good" | "bad" | "doubt" | "quiet";

/** What stands in a cell, ready to read. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** What a spreadsheet gets: raw numbers (shares 0–1, minutes), null = empty. */
export type Datum = string | number | boolean | null;

export interface Shown {
  readonly frame: ReportFrame;
  /** Which time the figures run on, in words. */
  readonly clock: string;
  /** The answer, before any table. */
  readonly lead: readonly Cell[];
  readonly parts: readonly ShownPart[];
}

export interface ShownPart {
  /** Names the part in a CSV file. */
  readonly id: string;
  readonly title: string;
  /** What it says, and how to read it. */
  readonly about: string;
  readonly plot: Plot | null;
  /** Weeks hour by hour, beside or instead of a plot; left out = none. */
  readonly weeks?: readonly WeekPlot[];
  readonly table: ShownTable;
  /** The same rows for spreadsheets, each with the same keys. */
  readonly data: readonly Readonly<Record<string, Datum>>[];
}

export interface ShownTable {
  readonly head: readonly string[];
  /** Columns that hold figures, by index: set to the right. */
  readonly figures: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
  /** Stands there when no row does. */
  readonly empty: string;
}

/** Points with their ranges on one scale, a line for every row. */
export interface Plot {
  /** What is drawn, for those who cannot see it. */
  readonly title: string;
  readonly scale: {
    readonly from: number;
    readonly to: number;
    readonly logarithmic: boolean;
    readonly ticks: readonly { readonly at: number; readonly label: string }[];
  };
  /** Values to compare with, drawn through all rows. */
  readonly lines: readonly { readonly at: number; readonly label: string }[];
  readonly rows: readonly PlotRow[];
}

export interface PlotRow {
  readonly label: string;
  readonly point: number;
  readonly low: number;
  readonly high: number;
  /** Stands at the right: the figure and its n. */
  readonly note: string;
  readonly tone: Tone;
}

/** The hours of a week as a grid: days down, hours across. */
export interface WeekPlot {
  readonly title: string;
  /** 168 of them from Monday 00:00 on: how the hour is to be taken, and what it is. */
  readonly hours: readonly { readonly tone: Tone; readonly text: string }[];
  /** What the tones mean here. */
  readonly legend: readonly { readonly tone: Tone; readonly text: string }[];
}

/** The words of a cell. */
export function wordsOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** The tone of a cell; null = plain. */
export function toneOf(cell: Cell): Tone | null {
  return typeof cell === "string" ? null : cell.tone;
}
