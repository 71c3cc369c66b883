/** Where money stands in reports. */
import type { MadeReport } from "../report/reports.ts";

/** Reports that are about money; of others the parts and the figures, by their names. */
const MONEY: Readonly<Record<string, "all" | readonly string[]>> = {
  attainment: ["credits"],
  // Accounts with their ARR: who waits, and whom a moved door would move.
  capacity: ["waiting", "whatIf", "what_if_accounts"],
  economics: "all",
};

/** Is nothing left of a report without money? */
export function isAboutMoney(report: string): boolean {
  return MONEY[report] === "all";
}

/** A report without the parts that tell of money. */
export function withoutMoney(name: string, { report, shown }: MadeReport): MadeReport {
  const hidden: readonly string[] = MONEY[name] === "all" ? [] : (MONEY[name] ?? []);
  const { frame, ...figures } = report;
  const left = Object.fromEntries(Object.entries(figures).filter(([key]) => !hidden.includes(key)));
  return {
    report: { frame, ...left },
    shown: { ...shown, parts: shown.parts.filter(({ id }) => !hidden.includes(id)) },
  };
}
