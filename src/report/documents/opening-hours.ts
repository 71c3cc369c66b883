/** Opening hours of a schedule in words. */
import type { Schedule, Weekday } from "../../policy/model.ts";

const DAYS: readonly (readonly [Weekday, string])[] = [
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
];

/** `Monday to Friday 09:00–17:00, Saturday 10:00–12:00 (America/New_York)`, or every hour of every day. */
export function hoursInWords({ alwaysOpen, weekly, timezone }: Schedule): string {
  if (alwaysOpen) return "every hour of every day";
  const runs: { first: string; last: string; hours: string }[] = [];
  let open = false;
  for (const [day, name] of DAYS) {
    const hours = (weekly[day] ?? []).map((range) => range.replace("-", "–")).join(" and ");
    const run = runs.at(-1);
    if (open && run !== undefined && run.hours === hours) run.last = name;
    else if (hours !== "") runs.push({ first: name, last: name, hours });
    open = hours !== "";
  }
  const text = runs.map(
    ({ first, last, hours }) => `${first === last ? first : `${first} to ${last}`} ${hours}`,
  );
  return `${text.join(", ")} (${timezone})`;
}
