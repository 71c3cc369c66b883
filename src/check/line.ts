/** One line of the answer to "is everything in order?". */

/** `warn` = it works, but somebody should look; `fail` = the promise cannot be kept like this. */
export type CheckState = "ok" | "warn" | "fail";

/** Where a line belongs; `settings` and `policy` failing means that nothing can run. */
export type CheckArea =
  | "settings"
  | "policy"
  | "store"
  | "tickets"
  | "desk"
  | "set-up"
  | "sla"
  | "hours"
  | "webhook"
  | "crm"
  | "chat"
  | "people";

export interface CheckLine {
  readonly area: CheckArea;
  readonly name: string;
  readonly state: CheckState;
  readonly detail: string;
  /** What to do, one imperative sentence; null for what is in order. */
  readonly fix: string | null;
}

/** A line that is in order. */
export function fine(area: CheckArea, name: string, detail: string): CheckLine {
  return { area, name, state: "ok", detail, fix: null };
}

/** A line somebody should look at. */
export function doubtful(area: CheckArea, name: string, detail: string, fix: string): CheckLine {
  return { area, name, state: "warn", detail, fix };
}

/** A line that must be put right. */
export function broken(area: CheckArea, name: string, detail: string, fix: string): CheckLine {
  return { area, name, state: "fail", detail, fix };
}

/** Exit code of `check`: 2 where settings or policy keep everything from running, 1 for any other failure, else 0. */
export function exitCodeOf(lines: readonly CheckLine[]): 0 | 1 | 2 {
  const failed = lines.filter((line) => line.state === "fail");
  if (failed.some((line) => line.area === "settings" || line.area === "policy")) return 2;
  return failed.length > 0 ? 1 : 0;
}

/** Trimmed, case-folded: how names are compared everywhere. */
export function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
