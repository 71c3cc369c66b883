/** A policy's impact as the API answers it, and asking the help desk which tickets are open. */
import type { z } from "zod";
import { Paused, TryAgain } from "../errors.ts";
import type { Policy } from "../policy/model.ts";
import type { Desk, TicketReading } from "../ports.ts";
import type { ConsoleParts } from "./parts.ts";
import { draftOf, restartNeeded } from "./policy-text.ts";
import { arrOfMovers, type Mover, type PolicyPreview, previewOf } from "./preview.ts";
import type { preview } from "./schemas-policy.ts";
import { moneyShown, tierShown } from "./shown.ts";

type Shown = z.input<typeof preview>;

/** Rows of each list that are answered. */
const LISTED = 500;
/** One call reads a hundred. */
const BATCH = 100;

/** What a draft would do; a draft with errors does nothing and says why. */
export async function previewShown(parts: ConsoleParts, yaml: string, now: number): Promise<Shown> {
  const { policy: draft, findings } = draftOf(yaml);
  if (draft === null) return { findings: [...findings], ...noEffect() };
  const asked = askingDesk(parts.desk);
  const ports = { store: parts.store, now, openTickets: asked.openTickets };
  const result = await previewOf(ports, parts.policy.policy(), draft);
  return { findings: [...findings], ...effectShown(parts, draft, result, asked.hasFailed()) };
}

/** Of a draft with errors. */
export function noEffect(): Omit<Shown, "findings"> {
  const none = { count: 0, arr: [], accounts: [] };
  return {
    version: null,
    accounts: 0,
    up: none,
    down: none,
    tickets: { open: null, note: "The draft has errors; nothing was worked out." },
    cost: { calls: 0, minutes: 0 },
    restartNeeded: [],
  };
}

/** Asks the help desk which tickets are open; whether it could not be asked is told afterwards. */
export function askingDesk(desk: Desk): {
  readonly openTickets: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly hasFailed: () => boolean;
} {
  let failed = false;
  return {
    openTickets: async (ids) => {
      const open = await stillOpen(desk, ids);
      failed = open === null;
      return open ?? new Set();
    },
    hasFailed: () => failed,
  };
}

/** A preview's result in the API's words. */
export function effectShown(
  parts: ConsoleParts,
  draft: Policy,
  result: PolicyPreview,
  isDeskSilent: boolean,
): Omit<Shown, "findings"> {
  return {
    version: draft.version,
    accounts: result.accounts,
    ...sides(result, draft, isDeskSilent),
    tickets: {
      open: isDeskSilent ? null : result.openTickets,
      note: isDeskSilent
        ? "The help desk did not answer, so open tickets are not counted."
        : "Open tickets of the accounts that move, as far as they were decided here in the last 90 days.",
    },
    cost: result.cost,
    restartNeeded: [...restartNeeded(parts.connectedWith, draft)],
  };
}

function sides({ movers }: PolicyPreview, draft: Policy, unknown: boolean): Pick<Shown, "up" | "down"> {
  const side = (list: readonly Mover[]): Shown["up"] => ({
    count: list.length,
    arr: arrOfMovers(list).map(({ amount, currency }) => ({ amount, currency })),
    accounts: list.slice(0, LISTED).map((one) => ({
      account: { id: one.accountId, name: one.name },
      from: tierShown(one.from, draft),
      to: tierShown(one.to, draft),
      basis: one.basis,
      arr: moneyShown(one.arr),
      openTickets: unknown ? null : one.openTickets,
    })),
  });
  return { up: side(movers.filter((one) => one.up)), down: side(movers.filter((one) => !one.up)) };
}

const OVER: readonly string[] = ["solved", "closed", "deleted"];

/** Those of these tickets that are not solved; null = the help desk did not answer. */
export async function stillOpen(desk: Desk, ids: readonly string[]): Promise<ReadonlySet<string> | null> {
  const open = new Set<string>();
  try {
    for (let i = 0; i < ids.length; i += BATCH) {
      const readings: readonly TicketReading[] = await desk.readTickets(ids.slice(i, i + BATCH), "backfill");
      for (const { id, status } of readings) if (!OVER.includes(status)) open.add(id);
    }
    return open;
  } catch (error) {
    if (error instanceof Paused || error instanceof TryAgain) return null;
    throw error;
  }
}
