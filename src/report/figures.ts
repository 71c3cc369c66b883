/** Figures in words: one way to write a share, an interval, a duration and a moment, for every report and document. */
import { DateTime } from "luxon";
import type { Instant, Priority, SlaMetric } from "../policy/model.ts";
import type { Interval, Share } from "./proportions.ts";
import type { Ratio } from "./times.ts";

/** `96.3%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `96.3% (92.6–98.2%)`, or `none` where nothing was observed. */
export function shareText({ share, interval }: Share): string {
  if (share === null || interval === null) return "none";
  return `${percent(share)} (${(interval.low * 100).toFixed(1)}–${percent(interval.high)})`;
}

/** `+66.0 points (56.3 to 73.3)`. */
export function pointsText(by: number, { low, high }: Interval): string {
  return `${signed(by)} points (${signed(low)} to ${signed(high)})`;
}

function signed(share: number): string {
  const text = (share * 100).toFixed(1);
  return share > 0 && text !== "0.0" ? `+${text}` : text.replace(/^-0\.0$/, "0.0");
}

/** `5.6× (3.7–8.3)`; `–` where too few were compared. */
export function ratioText(ratio: Ratio | null): string {
  if (ratio === null) return "–";
  const { low, high } = ratio.interval;
  return `${ratio.times.toFixed(1)}× (${low.toFixed(1)}–${high.toFixed(1)})`;
}

/** `42 min`, `3 h 25 min`, `4 d 3 h`; `–` for null. */
export function minutesText(minutes: number | null): string {
  if (minutes === null) return "–";
  if (minutes < 120) return `${minutes < 10 ? Number(minutes.toFixed(1)) : Math.round(minutes)} min`;
  const [big, small] = minutes < 4_320 ? [60, 1] : [1_440, 60];
  const whole = Math.floor(Math.round(minutes / small) / (big / small));
  const rest = Math.round(minutes / small) - whole * (big / small);
  const [unit, part] = big === 60 ? ["h", "min"] : ["d", "h"];
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${part}`;
}

/** `1 May 2026` in a zone. */
export function dayText(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone, locale: "en-GB" }).toFormat("d LLL yyyy");
}

/** `1 May 2026, 14:05` in a zone. */
export function momentText(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone, locale: "en-GB" }).toFormat("d LLL yyyy, HH:mm");
}

/** `1 ticket`, `2 tickets`. */
export function counted(n: number, one: string, more = `${one}s`): string {
  return `${n} ${n === 1 ? one : more}`;
}

/** A metric as customers call it. */
export const METRIC_WORDS: Readonly<Record<SlaMetric, string>> = {
  first_reply: "First reply",
  next_reply: "Next reply",
  resolution: "Resolution",
};

/** A priority as it stands in a table; null = all together. */
export function priorityText(priority: Priority | null): string {
  return priority === null ? "all" : `${priority.slice(0, 1).toUpperCase()}${priority.slice(1)}`;
}

/** `342 h`, `8.5 h`. */
export function hoursText(hours: number): string {
  return `${hours < 20 ? Number(hours.toFixed(1)) : Math.round(hours)} h`;
}

/** `USD 250,980` or `1,269.84`, whole units from a hundred on; `–` for null. */
export function amountText(amount: number | string | null, currency: string | null): string {
  if (amount === null) return "–";
  const value = Number(amount);
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  const text = value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${currency ?? ""} ${text}`.trim();
}
