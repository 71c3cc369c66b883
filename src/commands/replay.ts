/** `replay`: deliveries that were parked for a person; one or all of them go back to work. */
import { systemClock } from "../clock.ts";
import type { ParkedDelivery, Store } from "../ports.ts";
import { moment, onStore, span } from "./on-store.ts";
import { complain, EXIT, say, sayJson, table } from "./terminal.ts";

export interface ReplayOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Parked deliveries are few; more than this are shown in part and replayed with `--all`. */
const SHOWN = 1_000;

/** Lists (exit 1 while something is parked), or puts back what `id` names (a delivery or a ticket), or everything. */
export function replayCommand(id: string | undefined, options: ReplayOptions): Promise<number> {
  return onStore(async (store) => {
    if (options.all === true) return tell(await store.inbox.replay(null), options);
    const parked = await store.inbox.parked(SHOWN);
    if (id === undefined) return list(store, parked, options);
    const named = parked.filter((one) => one.id === id || (one.kind === "ticket" && one.subjectId === id));
    if (named.length === 0) {
      complain(
        `No parked delivery is or concerns ${id}.\nfix: Look at \`priority-support replay\` for what is parked.`,
      );
      return EXIT.problems;
    }
    let back = 0;
    for (const one of named) back += await store.inbox.replay(one.id);
    return tell(back, options);
  });
}

function tell(count: number, options: ReplayOptions): number {
  if (options.json === true) sayJson({ replayed: count });
  else
    say(
      count === 0
        ? "Nothing was parked."
        : `${count} put back to work; a running service takes them up at once.`,
    );
  return EXIT.fine;
}

async function list(
  store: Store,
  parked: readonly ParkedDelivery[],
  options: ReplayOptions,
): Promise<number> {
  const total = (await store.inbox.backlog()).parked;
  const now = systemClock.now();
  if (options.json === true) sayJson({ total, parked: parked.map(asJson) });
  else if (parked.length === 0) say("Nothing is parked.");
  else {
    say(
      table(
        ["delivery", "age", "ticket", "reason", "fix"],
        parked.map((one) => [one.id, span(now - one.receivedAt), subject(one), one.reason, one.fix]),
      ),
    );
    const more = total > parked.length ? `, the newest ${parked.length} shown` : "";
    say(`${total} parked${more}. Put one back with \`replay ID\`, all with \`replay --all\`.`);
  }
  return total > 0 ? EXIT.problems : EXIT.fine;
}

function subject(one: ParkedDelivery): string {
  return one.kind === "ticket" ? one.subjectId : `accounts ${one.accountIds.join(", ")}`;
}

function asJson(one: ParkedDelivery): object {
  const { id, kind, subjectId, accountIds, attempts, reason, fix, receivedAt } = one;
  const about = kind === "ticket" ? { ticketId: subjectId } : { accountIds };
  return { id, ...about, receivedAt: moment(receivedAt), attempts, reason, fix };
}
