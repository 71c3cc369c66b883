/**
 * Is the higher tier really served better? Every two neighbouring tiers are compared within one priority band, on the
 * customer's clock and on the desk's, with next reply and resolution beside the first reply, so that an instant "we are
 * on it" passes for nothing; and what it costs those who pay for none is said beside it.
 */
import type { Policy, Priority, SlaMetric, Tier } from "../policy/model.ts";
import type { ReportInput } from "./attainment.ts";
import { type ReportFrame, ticketCount } from "./frame.ts";
import { type Share, shareOf } from "./proportions.ts";
import { sharedSchedule, type TierWaits, tierWaits } from "./tier-waits.ts";
import { ascending, percentile } from "./times.ts";
import { type Comparison, compareTiers, type DifferenceVerdict } from "./verdicts.ts";

/** Two tiers, one priority band, one metric, one clock. */
export interface DifferentiationRow {
  readonly higher: string;
  readonly lower: string;
  readonly higherName: string;
  readonly lowerName: string;
  readonly priority: Priority;
  readonly metric: SlaMetric;
  /** `calendar` is what the customer lives through; `business` counts both tiers on the opening hours of the higher one's promise. */
  readonly clock: "calendar" | "business";
  readonly verdict: DifferenceVerdict;
  readonly comparison: Comparison;
}

/** How those in the lowest tier fare now against the window before: null = too few to say. */
export interface StandardsCost {
  readonly tier: string;
  readonly tierName: string;
  readonly priority: Priority;
  readonly before: Waits;
  readonly now: Waits;
  /** `worse`: the share in time fell, and not by chance. */
  readonly verdict: "worse" | "not_worse" | "not_enough_data";
  readonly comparison: Comparison | null;
  /** First replies within the lowest tier's own target, on its own clock; null = nothing is promised to it. */
  readonly inTarget: { readonly minutes: number; readonly before: Share; readonly now: Share } | null;
}

/** Minutes to the first reply, in calendar time. */
export interface Waits {
  readonly n: number;
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface DifferentiationReport {
  readonly frame: ReportFrame;
  /** Primary rows first: first reply on calendar time, from the highest pair down. */
  readonly rows: readonly DifferentiationRow[];
  readonly cost: readonly StandardsCost[];
  /** Pairs and bands where a lead must be told: the tier is the wrong way round, or a label only for the second time. */
  readonly alerts: readonly {
    readonly kind: "inverted" | "label_only" | "costs_standard";
    /** Which tiers and priority. */
    readonly subject: string;
    readonly text: string;
  }[];
}

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];
/** Reads the window, and the one of the same length before it. */
export async function differentiationReport(input: ReportInput): Promise<DifferentiationReport> {
  const { policy, window } = input;
  const length = window.until - window.from;
  const tally = ticketCount();
  const now = await tierWaits(input, tally);
  const before = await tierWaits(
    { ...input, window: { from: window.from - length, until: window.from } },
    null,
  );
  const rows = rowsOf(policy, now);
  const cost = costOf(policy, before, now);
  const frame = tally.frame({
    name: "differentiation",
    title: "Is the higher tier really served better?",
    ...input,
    state: await input.facts.state(),
    notes: NOTES,
  });
  return { frame, rows, cost, alerts: [...alertsOf(rows, rowsOf(policy, before)), ...costAlerts(cost)] };
}

const NOTES = [
  "Only tickets created at least a week ago are compared; open ones past the target count as not in time.",
  "Share answered within the higher tier's target: Newcombe's 95 % interval; different = at least ten points better.",
  "Fewer than 30 tickets on a side are not judged.",
  "Customers choose their tier: a difference in service is shown here, not what it causes.",
] as const;

function rowsOf(policy: Policy, waits: TierWaits): readonly DifferentiationRow[] {
  const tiers = policy.tiers.toReversed();
  return METRICS.flatMap((metric) =>
    (["calendar", "business"] as const).flatMap((clock) =>
      tiers.slice(0, -1).flatMap((higher, i) => {
        const lower = tiers[i + 1];
        return lower === undefined
          ? []
          : PRIORITIES.flatMap((priority) =>
              rowOf({ policy, higher, lower, priority, metric, clock, waits }),
            );
      }),
    ),
  );
}

interface Pair {
  readonly policy: Policy;
  readonly higher: Tier;
  readonly lower: Tier;
  readonly priority: Priority;
  readonly metric: SlaMetric;
  readonly clock: "calendar" | "business";
  readonly waits: TierWaits;
}

/** Nobody on either side, nobody on a side that the policy keeps out of the band, or nothing promised to the higher tier. */
function rowOf({
  policy,
  higher,
  lower,
  priority,
  metric,
  clock,
  waits,
}: Pair): readonly DifferentiationRow[] {
  const target = policy.slaPolicies[higher.slaPolicy ?? ""]?.[metric][priority] ?? null;
  const schedule = clock === "calendar" ? null : sharedSchedule(policy, higher.slaPolicy, metric, priority);
  // Round the clock, opening hours and calendar are the same.
  if (target === null || (clock === "business" && schedule === null)) return [];
  const up = waits({ tier: higher.id, priority, metric, schedule });
  const down = waits({ tier: lower.id, priority, metric, schedule });
  if (up.length + down.length === 0) return [];
  if (clock === "business" && (up.length === 0 || down.length === 0)) return [];
  const never = (tier: Tier, waited: readonly number[]): boolean =>
    waited.length === 0 && isKeptOut(tier, priority);
  if (never(higher, up) || never(lower, down)) return [];
  const comparison = compareTiers(up, down, target.minutes);
  const names = { higher: higher.id, lower: lower.id, higherName: higher.name, lowerName: lower.name };
  return [{ ...names, priority, metric, clock, verdict: comparison.verdict, comparison }];
}

/** Does the policy give this tier's tickets no such priority? */
function isKeptOut({ priority: { floor, ceiling } }: Tier, band: Priority): boolean {
  // From the most urgent down.
  const place = PRIORITIES.indexOf(band);
  return place < PRIORITIES.indexOf(ceiling) || place > PRIORITIES.indexOf(floor);
}

function costOf(policy: Policy, before: TierWaits, now: TierWaits): readonly StandardsCost[] {
  const lowest = policy.tiers[0];
  if (lowest === undefined) return [];
  return PRIORITIES.flatMap((priority) => {
    const own = { tier: lowest.id, priority, metric: "first_reply", schedule: null } as const;
    const [then, today] = [before(own), now(own)];
    if (then.length + today.length === 0) return [];
    const usual = percentile(ascending(then), 0.5);
    const comparison = usual === null || !Number.isFinite(usual) ? null : compareTiers(then, today, usual);
    const names = { tier: lowest.id, tierName: lowest.name, priority };
    return [
      {
        ...names,
        before: waitsOf(then),
        now: waitsOf(today),
        verdict: costVerdict(comparison),
        comparison,
        inTarget: inTargetOf(policy, lowest, priority, before, now),
      },
    ];
  });
}

function inTargetOf(
  policy: Policy,
  { id, slaPolicy }: Tier,
  priority: Priority,
  before: TierWaits,
  now: TierWaits,
): StandardsCost["inTarget"] {
  const target = policy.slaPolicies[slaPolicy ?? ""]?.first_reply[priority] ?? null;
  if (target === null) return null;
  const { minutes } = target;
  const schedule = sharedSchedule(policy, slaPolicy, "first_reply", priority);
  const within = (waits: TierWaits): Share => {
    const all = waits({ tier: id, priority, metric: "first_reply", schedule });
    return shareOf(all.filter((one) => one <= minutes).length, all.length);
  };
  return { minutes, before: within(before), now: within(now) };
}

/** Answered within the time that half of the tickets took before: clearly fewer now = the others pay for it. */
function costVerdict(comparison: Comparison | null): StandardsCost["verdict"] {
  if (comparison === null || comparison.verdict === "not_enough_data") return "not_enough_data";
  return (comparison.interval?.low ?? 0) > 0 ? "worse" : "not_worse";
}

function waitsOf(minutes: readonly number[]): Waits {
  const sorted = ascending(minutes);
  const known = (value: number | null): number | null =>
    value !== null && Number.isFinite(value) ? value : null;
  return { n: minutes.length, p50: known(percentile(sorted, 0.5)), p90: known(percentile(sorted, 0.9)) };
}

type Alert = DifferentiationReport["alerts"][number];

/** `inverted` at once; "label only" when it was not shown twice in a row. First reply in calendar time decides. */
function alertsOf(
  now: readonly DifferentiationRow[],
  before: readonly DifferentiationRow[],
): readonly Alert[] {
  const primary = (rows: readonly DifferentiationRow[]) =>
    rows.filter((row) => row.metric === "first_reply" && row.clock === "calendar");
  return primary(now).flatMap((row): readonly Alert[] => {
    const pair = `${row.higherName} against ${row.lowerName}, ${row.priority}`;
    if (row.verdict === "inverted")
      return [
        {
          kind: "inverted",
          subject: pair,
          text: `${pair}: the higher tier is answered later than the lower one.`,
        },
      ];
    const earlier = primary(before).find(
      (one) => one.higher === row.higher && one.lower === row.lower && one.priority === row.priority,
    );
    return row.verdict === "not_shown" && earlier?.verdict === "not_shown"
      ? [
          {
            kind: "label_only",
            subject: pair,
            text: `${pair}: no difference is shown for the second time: the tier is a label.`,
          },
        ]
      : [];
  });
}

function costAlerts(cost: readonly StandardsCost[]): readonly Alert[] {
  return cost
    .filter((one) => one.verdict === "worse")
    .map((one) => ({
      kind: "costs_standard",
      subject: `${one.tierName}, ${one.priority}`,
      text: `${one.tierName}, ${one.priority}: fewer are answered in the usual time than in the window before.`,
    }));
}
