/** `report NAME`: the proof, in text, JSON, CSV or as a page. */
import { writeFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import type { Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { type AttainmentReport, attainmentReport, type ReportInput } from "../report/attainment.ts";
import { attainmentShown } from "../report/attainment-shown.ts";
import { csvOf } from "../report/csv.ts";
import { type DifferentiationReport, differentiationReport } from "../report/differentiation.ts";
import { differentiationShown } from "../report/differentiation-shown.ts";
import { htmlOf } from "../report/page.ts";
import type { Shown } from "../report/shown.ts";
import { textOf } from "../report/text.ts";
import { windowOf } from "../report/window.ts";
import { onStore, policyOf } from "./on-store.ts";
import { complain, EXIT, table } from "./terminal.ts";

export interface ReportOptions {
  readonly since?: string;
  readonly until?: string;
  readonly format?: string;
  readonly out?: string;
}

/** A report: its own figures, and how people see them. */
interface Made {
  readonly report: AttainmentReport | DifferentiationReport;
  readonly shown: Shown;
}

const REPORTS: Readonly<Record<string, (input: ReportInput) => Promise<Made>>> = {
  attainment: async (input) => {
    const report = await attainmentReport(input);
    return { report, shown: attainmentShown(report) };
  },
  differentiation: async (input) => {
    const report = await differentiationReport(input);
    return { report, shown: differentiationShown(report) };
  },
};

const FORMATS: Readonly<Record<string, (made: Made) => string>> = {
  text: ({ shown }) => `${textOf(shown, table)}\n`,
  json: ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
  html: ({ shown }) => htmlOf(shown),
  csv: ({ shown }) => csvOf(shown),
};

/** Makes one report; exit 2 for a name, format or window that cannot be read. */
export async function reportCommand(name: string, options: ReportOptions): Promise<number> {
  const make = Object.hasOwn(REPORTS, name) ? REPORTS[name] : undefined;
  if (make === undefined) return unknown("report", name, Object.keys(REPORTS));
  const asked = options.format ?? "text";
  const write = Object.hasOwn(FORMATS, asked) ? FORMATS[asked] : undefined;
  if (write === undefined) return unknown("format", asked, Object.keys(FORMATS));
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const input = inputOf(store, policy, options);
    if ("problem" in input) {
      complain(`${input.problem}\nfix: ${input.fix}`);
      return EXIT.usage;
    }
    return hand(write(await make(input)), options.out);
  });
}

function inputOf(store: Store, policy: Policy, options: ReportOptions) {
  const at = systemClock.now();
  const window = windowOf(options, policy.timezone, at);
  return "problem" in window ? window : { facts: store.facts, policy, window, at };
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
