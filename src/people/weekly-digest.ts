/** The week in a few lines, for whoever leads support: is it working, were promises kept, who moved, what waits. */
import type { CalendarDate, Instant, Policy, TierId } from "../policy/model.ts";
import type { AccountMoment, Store } from "../ports.ts";
import { type AttainmentRow, attainmentReport } from "../report/attainment.ts";
import { counted, dayText, percent } from "../report/figures.ts";
import { weekBefore } from "./calendar.ts";
import { listTelling } from "./lists.ts";
import type { Telling } from "./tell.ts";

/** Newest decisions that the headline numbers are counted over. */
const COVERAGE_DECISIONS = 5_000;
/** Customers who moved that are named. */
const NAMED = 10;
const REVIEWS = 1_000;

/** The digest of the week that ended before `monday`; null = nobody hears it, or they did. */
export async function digestTelling(
  store: Store,
  policy: Policy,
  publicUrl: string | null,
  monday: CalendarDate,
  now: Instant,
): Promise<Telling | null> {
  const to = policy.people?.lead ?? [];
  const key = `digest:${monday}`;
  if (to.length === 0 || (await store.notices.known([key])).has(key)) return null;
  const window = weekBefore(monday, policy.timezone);
  const { rows } = await attainmentReport({ facts: store.facts, policy, window, at: now });
  const zone = policy.timezone;
  const notice = {
    key,
    title: `Priority support, ${dayText(window.from, zone)} to ${dayText(window.until - 1, zone)}`,
    lines: [
      ...(await headlines(store, window.from)),
      ...keptLines(rows),
      ...movedLines(await movedIn(store, window), policy),
      ...(await waitingLines(store)),
    ],
    severity: "info" as const,
  };
  return listTelling("digest", to, notice, publicUrl, "");
}

/** The two numbers that say whether it works. */
async function headlines({ console: { lists } }: Store, since: Instant): Promise<readonly string[]> {
  const { tickets, tied, promised, attached } = await lists.coverage(since, COVERAGE_DECISIONS);
  return [
    `Tickets tied to a customer: ${partOf(tied, tickets)}`,
    `Promises with the right SLA attached: ${partOf(attached, promised)}`,
  ];
}

function partOf(part: number, whole: number): string {
  return whole === 0 ? "none yet" : `${part} of ${whole} (${percent(part / whole)})`;
}

/** Each tier's first replies, and every breach. */
export function keptLines(rows: readonly AttainmentRow[]): readonly string[] {
  const all = rows.filter(({ priority }) => priority === null);
  const first = all.filter(({ metric }) => metric === "first_reply");
  const breaches = all.reduce((sum, { late, openLate }) => sum + late + openLate, 0);
  return [
    ...first.map(({ tierName, met, attainment: { share, verdict } }) =>
      verdict === "too_few"
        ? `${tierName}: ${met} of ${counted(share.n, "first reply", "first replies")} in time (too few for a percentage)`
        : `${tierName}: first replies ${partOf(met, share.n)} in time`,
    ),
    `Targets missed, of every kind: ${breaches}`,
  ];
}

/** A customer whose tier at the end of the week is another than at its beginning. */
export interface Moved {
  readonly name: string;
  readonly from: TierId;
  readonly to: TierId;
}

async function movedIn(
  { facts }: Pick<Store, "facts">,
  window: { readonly from: Instant; readonly until: Instant },
): Promise<readonly Moved[]> {
  const moved: Moved[] = [];
  let before: AccountMoment | null = null;
  let last: AccountMoment | null = null;
  const close = (): void => {
    if (before !== null && last !== null && before.tier !== last.tier)
      moved.push({ name: last.name ?? last.accountId, from: before.tier, to: last.tier });
  };
  for await (const page of facts.history(window.until))
    for (const moment of page) {
      if (moment.accountId !== last?.accountId) {
        close();
        before = null;
      }
      if (moment.at < window.from) before = moment;
      last = moment;
    }
  close();
  return moved;
}

/** Who moved up and who moved down, with some names. */
export function movedLines(moved: readonly Moved[], policy: Policy): readonly string[] {
  const tier = (id: TierId) => policy.tiers.find((one) => one.id === id);
  const up = moved.filter(({ from, to }) => (tier(to)?.rank ?? 0) > (tier(from)?.rank ?? 0));
  const names = moved
    .slice(0, NAMED)
    .map(({ name, from, to }) => `  ${name}: ${tier(from)?.name ?? from} → ${tier(to)?.name ?? to}`);
  const more = moved.length - names.length;
  return [
    `Customers who changed tier: ${up.length} up, ${moved.length - up.length} down`,
    ...names,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

async function waitingLines(store: Store): Promise<readonly string[]> {
  const [held, backlog, reviews, reports, notices] = await Promise.all([
    store.guard.waiting(),
    store.inbox.backlog(),
    store.runs.reviews(REVIEWS),
    store.console.reports.open(REVIEWS),
    store.notices.counts(),
  ]);
  const waiting = [
    [held.length, "change run held by the brake", "change runs held by the brake"],
    [backlog.parked, "ticket that failed", "tickets that failed"],
    [reviews.length, "customer to review", "customers to review"],
    [reports.length, "report by an agent", "reports by agents"],
    [notices.parked, "message that reached nobody", "messages that reached nobody"],
  ] as const;
  const lines = waiting.filter(([n]) => n > 0).map(([n, one, more]) => counted(n, one, more));
  return [`Waits for a person: ${lines.length === 0 ? "nothing" : lines.join(", ")}`];
}
