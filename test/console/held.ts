/** Facts that the brake holds for a person: a customer whose plan would be taken away. */
import type { ConsoleWorld } from "./world.ts";

type Role = "arr_eur" | "addon_tam";

/** The customer that plays a role, as the store knows it. */
export async function knownCustomer({ world }: ConsoleWorld, role: Role) {
  const id = `hubspot:${world.customer(role).companyId}`;
  const stored = await world.service.store.accounts.get(id);
  if (stored === null) throw new Error("the customer is not known");
  return { id, name: stored.account.name ?? id, stored };
}

/** Holds new facts that would take the customer's plan away; answers its name. */
export async function holdDemotion(installation: ConsoleWorld, runId: string): Promise<string> {
  const { guard } = installation.world.service.store;
  const { id, name, stored } = await knownCustomer(installation, "arr_eur");
  const { source, sourceId } = stored;
  const at = installation.world.clock.now();
  const facts = { ...stored, account: { ...stored.account, plan: null, arr: null } };
  const demotes = [{ accountId: id, name, fromTier: "enterprise", toTier: "standard" }];
  const row = { accountId: id, source, sourceId, runId, facts, goneOn: null, digest: runId, demotes, at };
  await guard.setAside([{ ...row, state: "proposed", decidedAt: null, decidedBy: null }]);
  const why = { codes: ["too_many_demotions"], reason: "One demotion too many.", source };
  await guard.hold({ ...why, runId, at }, [id]);
  return name;
}
