/** `report NAME`: the proof, in text, JSON, CSV or as a page. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import type { Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { csvOf } from "../report/csv.ts";
import { outsideSignals } from "../report/outside-signals.ts";
import { htmlOf } from "../report/page.ts";
import {
  isReportName,
  type MadeReport,
  REPORT_NAMES,
  REPORTS,
  type ReportAsked,
  type ReportName,
} from "../report/reports.ts";
import { textOf } from "../report/text.ts";
import { enterOf } from "../report/what-if.ts";
import { type WindowProblem, windowOf } from "../report/window.ts";
import { onStore, policyOf } from "./on-store.ts";
import { complain, EXIT, table } from "./terminal.ts";

export interface ReportOptions {
  readonly since?: string;
  readonly until?: string;
  readonly format?: string;
  readonly out?: string;
  /** `TIER=AMOUNT`, for `capacity`. */
  readonly enter?: readonly string[];
  /** JSON Lines of what others measure, for `health`. */
  readonly signals?: string;
}

const FORMATS: Readonly<Record<string, (made: MadeReport) => string>> = {
  text: ({ shown }) => `${textOf(shown, table)}\n`,
  json: ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
  html: ({ shown }) => htmlOf(shown),
  csv: ({ shown }) => csvOf(shown),
};

/** Options that only one report has. */
const OWN_OPTIONS = [
  ["enter", "capacity"],
  ["signals", "health"],
] as const;

/** Makes one report; exit 2 for a name, format or window that cannot be read. */
export async function reportCommand(name: string, options: ReportOptions): Promise<number> {
  if (!isReportName(name)) return unknown("report", name, REPORT_NAMES);
  const asked = options.format ?? "text";
  const write = Object.hasOwn(FORMATS, asked) ? FORMATS[asked] : undefined;
  if (write === undefined) return unknown("format", asked, Object.keys(FORMATS));
  const misplaced = OWN_OPTIONS.find(([option, of]) => options[option] !== undefined && name !== of);
  if (misplaced !== undefined) {
    const [option, of] = misplaced;
    complain(`--${option} is for \`report ${of}\` alone.\nfix: Leave it out, or ask for that report.`);
    return EXIT.usage;
  }
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const input = inputOf(name, store, policy, options);
    if ("problem" in input) {
      complain(`${input.problem}\nfix: ${input.fix}`);
      return EXIT.usage;
    }
    return hand(write(await REPORTS[name].make(input)), options.out);
  });
}

function inputOf(
  name: ReportName,
  store: Store,
  policy: Policy,
  options: ReportOptions,
): ReportAsked | WindowProblem {
  const at = systemClock.now();
  const window = windowOf(options, policy.timezone, at, REPORTS[name].usualDays);
  if ("problem" in window) return window;
  const enter = enterOf(options.enter ?? [], policy);
  if ("problem" in enter) return enter;
  const outside = options.signals === undefined ? new Map() : signalsIn(options.signals);
  return "problem" in outside ? outside : { store, policy, window, at, enter, outside };
}

function signalsIn(path: string): ReturnType<typeof outsideSignals> {
  if (!existsSync(path))
    return {
      problem: `There is no file ${path}.`,
      fix: "Give --signals the path of a file with one JSON object a line.",
    };
  const read = outsideSignals(readFileSync(path, "utf8"));
  return "problem" in read ? { ...read, problem: `${path}: ${read.problem}` } : read;
}

/** Says what there is instead of what was typed. */
export function unknown(what: string, name: string, known: readonly string[]): number {
  complain(`There is no ${what} ${JSON.stringify(name)}.\nfix: Choose one of ${known.join(", ")}.`);
  return EXIT.usage;
}

/** Puts what was made into a file, readable by its owner alone, or on stdout. */
export function hand(content: string, path: string | undefined): number {
  if (path === undefined) {
    process.stdout.write(content);
    return EXIT.fine;
  }
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (error) {
    complain(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}\nfix: Give --out a path in a folder that exists and may be written.`,
    );
    return EXIT.usage;
  }
  complain(`Written to ${path}.`);
  return EXIT.fine;
}
