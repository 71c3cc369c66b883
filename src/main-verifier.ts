/**
 * The verifier of a running service: what this instance settles, now and then what another one left behind, and every
 * few minutes which SLA policies the desk's own events name.
 */
import { randomUUID } from "node:crypto";
import { leftBehind } from "./lookups.ts";
import type { DecisionRecord, DeskInsight, Store, Verification } from "./ports.ts";
import { startRounds } from "./rounds.ts";
import { startVerifier, tell, type Verifier, type VerifyPorts, verifyDefaults } from "./ticket-verify.ts";
import { type ConfirmReport, openConfirmation } from "./verification/confirm.ts";

export interface VerifierParts extends Omit<VerifyPorts, "ledger" | "leftBehind" | "mending"> {
  readonly store: Store;
  /** The desk's own rules and events; absent = it is only told what is on the ticket. */
  readonly insight?: DeskInsight;
  /** May a missing SLA be mended by a write? Absent = never. */
  readonly mayWrite?: () => Promise<boolean>;
  /** ms that settled tickets wait to be read back together; null = the verifier's own. */
  readonly gatherMs: number | null;
  /** true = it looks by itself for decisions that nobody reads back. */
  readonly looking: boolean;
}

/** The verifier, and one look at the events when asked. */
export type OpenVerifier = Verifier & { readonly confirm: () => Promise<ConfirmReport> };

const LOOK_EVERY_MS = 10 * 60_000;
/** One call a thousand events, out of the ten a minute that the sweep uses as well. */
const CONFIRM_EVERY_MS = 2 * 60_000;

/** Starts it. */
export function openVerifier(parts: VerifierParts): OpenVerifier {
  const { store, insight, mayWrite = async () => false, gatherMs, looking, ...rest } = parts;
  const owner = `verifier-${randomUUID()}`;
  const left = leftBehind(store, rest.clock, owner, LOOK_EVERY_MS);
  const mending = insight === undefined ? {} : { mending: { insight, mayWrite } };
  const verifier = startVerifier(
    { ...rest, ...mending, ledger: store.ledger, leftBehind: left },
    { gatherMs: gatherMs ?? verifyDefaults.gatherMs, lookEveryMs: looking ? LOOK_EVERY_MS : 0 },
  );
  const events = insight === undefined ? null : openConfirmation({ ...rest, store, insight, changed }, owner);
  const confirm = async (signal: AbortSignal): Promise<ConfirmReport> =>
    events === null ? { state: "busy" } : events.once(signal);
  const everyMs = looking && events !== null ? CONFIRM_EVERY_MS : 0;
  const rounds = startRounds(confirm, { clock: rest.clock, everyMs, firstAfterMs: CONFIRM_EVERY_MS });
  return {
    add: verifier.add,
    confirm: () => confirm(new AbortController().signal),
    async stop() {
      await rounds.stop();
      await verifier.stop();
      // A store that is gone frees the lease by itself, a little later.
      await events?.release().catch(() => null);
    },
  };

  function changed(record: DecisionRecord, result: Verification): void {
    const { decision } = record;
    if (decision.action === "apply") tell(rest, { record: { ...record, decision }, result });
  }
}
