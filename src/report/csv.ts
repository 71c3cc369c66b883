/** A report as one CSV table: a line for every row of every part, and for what was left out. */
import type { Datum, Shown } from "./shown.ts";

/** A spreadsheet takes text that begins like this for a formula. https://owasp.org/www-community/attacks/CSV_Injection, remembered, not verified */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180 with CRLF. The columns are those of all parts; `report`, `from`, `until`, `timezone`, `tickets` and `part` are
 * on every line, so a line copied elsewhere still says what it is about. Text that a spreadsheet would run is put behind
 * an apostrophe.
 */
export function csvOf({ frame, parts }: Shown): string {
  const about = {
    report: frame.name,
    from: new Date(frame.window.from).toISOString(),
    until: new Date(frame.window.until).toISOString(),
    timezone: frame.timezone,
    tickets: frame.tickets,
  };
  const lines: readonly Readonly<Record<string, Datum>>[] = [
    ...parts.flatMap((part) => part.data.map((row) => ({ ...about, part: part.id, ...row }))),
    ...frame.leftOut.map(({ reason, tickets }) => ({ ...about, part: "left_out", reason, n: tickets })),
  ];
  const keys = [...new Set([...Object.keys(about), "part", ...lines.flatMap((line) => Object.keys(line))])];
  return [keys, ...lines.map((line) => keys.map((key) => line[key] ?? null))]
    .map((cells) => `${cells.map(csvCell).join(",")}\r\n`)
    .join("");
}

/** One value as it stands between two commas. */
export function csvCell(value: Datum): string {
  if (value === null) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
