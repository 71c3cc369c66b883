/** Attainment since the month began, tier by tier, as `report attainment` reckons it. */
import { DateTime } from "luxon";
import type { z } from "zod";
import type { ConsoleParts } from "./parts.ts";
import { attainmentFigures, type promiseMonth } from "./schemas-promises.ts";
import { iso, isoOrNull, tierShown } from "./shown.ts";

/** The month in the policy's zone, up to now. @throws TryAgain, StoreUnavailable as the report does. */
export async function promiseMonthOf(
  parts: ConsoleParts,
  now: number,
): Promise<z.input<typeof promiseMonth>> {
  const policy = parts.policy.policy();
  const zone = policy.timezone;
  // In its first millisecond a month has no window yet.
  const from = Math.min(DateTime.fromMillis(now, { zone }).startOf("month").toMillis(), now - 1);
  const text = await parts.reports(`this month ${from}`, {
    ...{ name: "attainment", window: { from, until: now }, zone, at: now, enter: [] },
    ...{ money: "left out", form: "figures" },
  });
  const { frame, objective, minTargets, rows } = attainmentFigures.parse(JSON.parse(text ?? "null"));
  return {
    from: iso(from),
    until: iso(now),
    timezone: zone,
    tickets: frame.tickets,
    through: isoOrNull(frame.through),
    objective,
    minTargets,
    rows: rows
      .filter((row) => row.priority === null)
      .map(({ tier, metric, met, late, openLate, attainment: { share, verdict, budget } }) => {
        const tooFew = verdict === "too_few";
        return {
          tier: tierShown(tier, policy),
          ...{ metric, met, missed: late + openLate, openLate, verdict },
          share: tooFew ? null : share.share,
          low: tooFew ? null : (share.interval?.low ?? null),
          high: tooFew ? null : (share.interval?.high ?? null),
          burnt: budget?.burnt ?? null,
          allowed: budget?.allowed ?? null,
        };
      }),
  };
}
