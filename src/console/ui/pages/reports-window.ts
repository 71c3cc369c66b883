/** The window that a reader of reports chose, as it stands in the address. Left out = the service's: 90 days, the policy's zone. */

/** Days as `YYYY-MM-DD`; `until` is the first day that is not in the window any more. */
export interface ReportWindow {
  readonly since?: string;
  readonly until?: string;
  readonly zone?: string;
  /** `TIER=ARR`: a door moved on paper, for capacity alone. */
  readonly enter?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address asks for; what cannot be asked for is left out. */
export function windowIn(search: URLSearchParams): ReportWindow {
  const dayIn = (name: string): string | undefined => {
    const value = search.get(name) ?? "";
    return DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
  };
  return present({
    since: dayIn("since"),
    until: dayIn("until"),
    zone: zones().find((one) => one === search.get("zone")),
    enter: search.get("enter")?.slice(0, 200),
  });
}

/** Without the parts that are not given. */
export function present(window: Readonly<Record<keyof ReportWindow, string | undefined>>): ReportWindow {
  return Object.fromEntries(
    Object.entries(window).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    ),
  );
}

/** The day so many days after `day`. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Windows that people ask for by name; `usual` names no day. */
export type NamedWindow = "usual" | "month" | "lastMonth" | "quarter" | "lastQuarter" | "year";

/** All of them, the usual one first. */
export const NAMED_WINDOWS: readonly NamedWindow[] = [
  "usual",
  "month",
  "lastMonth",
  "quarter",
  "lastQuarter",
  "year",
];

/** The days of a named window, on `today`. */
export function daysOf(name: NamedWindow, today: string): Pick<ReportWindow, "since" | "until"> {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const first = (y: number, m: number): string => new Date(Date.UTC(y, m, 1)).toISOString().slice(0, 10);
  const quarter = month - (month % 3);
  switch (name) {
    case "usual":
      return {};
    case "month":
      return { since: first(year, month) };
    case "lastMonth":
      return { since: first(year, month - 1), until: first(year, month) };
    case "quarter":
      return { since: first(year, quarter) };
    case "lastQuarter":
      return { since: first(year, quarter - 3), until: first(year, quarter) };
    case "year":
      return { since: first(year - 1, month), until: first(year, month) };
  }
}

/** Which name a window has; null = it is one's own. */
export function nameOf(window: ReportWindow, today: string): NamedWindow | null {
  const same = (name: NamedWindow): boolean => {
    const { since, until } = daysOf(name, today);
    return since === window.since && until === window.until;
  };
  return NAMED_WINDOWS.find(same) ?? null;
}

/** Every zone the browser knows. */
export function zones(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];
}

/** The reader's own. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
