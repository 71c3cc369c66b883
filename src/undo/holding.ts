/** Is a change on hold, because it was taken back? Asked right before it would be made again. */
import type { Decision, OrganizationChange, Policy, TicketEvent } from "../policy/model.ts";
import type { Hold, Store } from "../ports.ts";
import { digests } from "./facts-digest.ts";

export interface HoldingPorts {
  readonly store: Pick<Store, "accounts" | "overrides" | "holds">;
  readonly policy: Policy;
  /** true = nothing is really written: what is over is left to a run that writes. */
  readonly simulating: boolean;
}

/** One account with what a sync would write about it. */
export interface WouldWrite {
  readonly accountId: string;
  readonly organizationId: string | null;
  readonly change: OrganizationChange | null;
  readonly companyId: string;
  readonly label: string | null;
}

/** What is left to write, and whether something was held back. */
export interface Allowed {
  readonly change: OrganizationChange | null;
  readonly label: string | null;
  readonly held: boolean;
}

/** The same accounts in the same order, without the changes that are on hold. Holds that are over are ended. */
export async function withoutHeld(
  ports: HoldingPorts,
  accounts: readonly WouldWrite[],
): Promise<readonly Allowed[]> {
  const { holds } = ports.store;
  const organizations = accounts.flatMap((a) => (a.change === null ? [] : (a.organizationId ?? [])));
  const companies = accounts.flatMap((a) => (a.label === null ? [] : [a.companyId]));
  const found = [
    ...(await holds.of("organization", organizations)),
    ...(await holds.of("company", companies)),
  ];
  const lasting = await stillHeld(ports, found);
  const on = (target: Hold["target"], id: string | null): readonly Hold[] =>
    lasting.filter((hold) => hold.target === target && hold.targetId === id);
  return accounts.map(({ organizationId, change, companyId, label }) => {
    const left = change === null ? null : without(change, on("organization", organizationId), ports.policy);
    const blocked = on("company", companyId).some(({ values }) => Object.values(values).includes(label));
    const held = left !== change || (label !== null && blocked);
    return { change: left, label: blocked ? null : label, held };
  });
}

/** The change without the very values that were taken back; the same object when none is among them. */
function without(
  change: OrganizationChange,
  holds: readonly Hold[],
  { prefix }: Policy,
): OrganizationChange | null {
  const again = (key: string): boolean =>
    holds.some(({ values }) => Object.hasOwn(values, key) && values[key] === change[key]);
  const rest = Object.entries(change).filter(([key]) => !again(key));
  if (rest.length === Object.keys(change).length) return change;
  // The moment of a change goes along with one, and never alone.
  return rest.every(([key]) => key === `${prefix}changed_at`) ? null : Object.fromEntries(rest);
}

/** Those of the holds that still stand: same facts, same policy. */
async function stillHeld(
  { store, policy, simulating }: HoldingPorts,
  holds: readonly Hold[],
): Promise<readonly Hold[]> {
  if (holds.length === 0) return [];
  const digest = digests(store);
  const lasting: Hold[] = [];
  const over: Hold[] = [];
  for (const hold of holds) {
    const same =
      hold.policyVersion === policy.version &&
      (hold.facts === null || hold.facts === (await digest(hold.accountId)));
    (same ? lasting : over).push(hold);
  }
  if (!simulating) await store.holds.end(over);
  return lasting;
}

/** Was what this decision would write on the ticket taken back, for the same customer under the same facts? */
export async function ticketHeld(
  ports: HoldingPorts,
  ticketId: string,
  event: TicketEvent,
  decision: Decision,
): Promise<boolean> {
  if (decision.action === "skip") return false;
  const lasting = await stillHeld(ports, await ports.store.holds.of("ticket", [ticketId]));
  return lasting.some(({ accountId, values, facts }) =>
    facts === null ? event === "backfill" : accountId === decision.accountId && values.tier === decision.tier,
  );
}
