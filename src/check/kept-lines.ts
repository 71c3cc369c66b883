/** The two numbers that say whether the programme works: tickets tied to a customer, and promises really attached. */
import type { Instant } from "../policy/model.ts";
import type { Coverage, Store } from "../ports.ts";
import { asked } from "./asking.ts";
import { type CheckLine, doubtful, fine } from "./line.ts";

const DAY_MS = 86_400_000;
const WINDOWS = [7, 30] as const;
/** Newest decisions that are counted; a window with more is counted over these. */
const COUNTED = 20_000;
/** Fewer tickets than this say nothing. */
const ENOUGH = 20;
/** Goal of the data-quality report: less than 2 % of the tickets without a customer. */
const TIED_GOAL = 0.98;
/** Every miss is a promise nobody's clock runs for. */
const ATTACHED_GOAL = 0.99;

/** Coverage over the last days, by length of the window. */
export async function coverages(
  lists: Pick<Store["console"]["lists"], "coverage">,
  now: Instant,
): Promise<readonly { readonly days: number; readonly coverage: Coverage }[]> {
  return Promise.all(
    WINDOWS.map(async (days) => ({ days, coverage: await lists.coverage(now - days * DAY_MS, COUNTED) })),
  );
}

/** A line for each number, judged by the last seven days, or thirty where seven are too few. */
export async function keptLines(store: Pick<Store, "console">, now: Instant): Promise<readonly CheckLine[]> {
  const read = await asked("tickets", "tickets", () => coverages(store.console.lists, now));
  if (read.line !== null) return [read.line];
  const both = read.value;
  return [
    judged("tied to a customer", both, ({ tied, tickets }) => [tied, tickets], TIED_GOAL, [
      "Too many tickets belong to nobody we know, and get the default tier.",
      "Run `priority-support sync --unmatched`: it lists customers without an organization.",
    ]),
    judged("right SLA attached", both, ({ attached, promised }) => [attached, promised], ATTACHED_GOAL, [
      "Promises are not kept by the help desk.",
      "Look at the tickets listed as unverified in the console, or `priority-support explain` one of them: each has its reason.",
    ]),
  ];
}

type Both = Awaited<ReturnType<typeof coverages>>;

function judged(
  name: string,
  both: Both,
  of: (one: Coverage) => readonly [part: number, whole: number],
  goal: number,
  [what, fix]: readonly [string, string],
): CheckLine {
  const shown = shareWords(both, of);
  const judging = both.find(({ coverage }) => of(coverage)[1] >= ENOUGH);
  const [part, whole] = judging === undefined ? [0, 0] : of(judging.coverage);
  return whole === 0 || part / whole >= goal
    ? fine("tickets", name, shown)
    : doubtful("tickets", name, `${shown}. ${what}`, fix);
}

/** `96.2 % of 1204 (7 days), 97 % of 5120 (30 days)`. */
export function shareWords(
  both: Both,
  of: (one: Coverage) => readonly [part: number, whole: number],
): string {
  return both
    .map(({ days, coverage }) => {
      const [part, whole] = of(coverage);
      return whole === 0
        ? `no tickets in ${days} days`
        : `${Math.floor((1000 * part) / whole) / 10} % of ${whole} in ${days} days`;
    })
    .join(", ");
}
