/** Every list that is made in the morning. */
import type { Instant, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import type { Morning } from "./calendar.ts";
import { datesTelling } from "./entitlement-dates.ts";
import { healthTellings } from "./health-watched.ts";
import { reviewTellings } from "./reviews-due.ts";
import type { Telling } from "./tell.ts";
import { capacityTelling, differenceTelling } from "./tiers-watched.ts";
import { digestTelling } from "./weekly-digest.ts";

/** Every list of a morning; what was told before makes none. */
export function listsOf(
  { store, publicUrl }: { readonly store: Store; readonly publicUrl: string | null },
  policy: Policy,
  { monday, month, monthBefore, quarterBegun, quarter }: Morning,
  now: Instant,
): readonly (() => Promise<readonly Telling[]>)[] {
  const one = async (made: Promise<Telling | null>): Promise<readonly Telling[]> => {
    const telling = await made;
    return telling === null ? [] : [telling];
  };
  return [
    () => one(datesTelling(store, policy, publicUrl, now)),
    () => healthTellings(store, policy, publicUrl, now),
    () => one(capacityTelling(store, policy, publicUrl, month, now)),
    async () => (monday === null ? [] : one(digestTelling(store, policy, publicUrl, monday, now))),
    async () =>
      monthBefore === null ? [] : one(differenceTelling(store, policy, publicUrl, monthBefore, now)),
    async () =>
      quarterBegun === null ? [] : reviewTellings(store, policy, publicUrl, quarterBegun, quarter),
  ];
}
