/** Asks the help desk about its own rules: opening hours, queues, what we made there, who is on call. */
import type { Policy } from "../policy/model.ts";
import type { Clock, DeskInsight, DeskShape, Inventory, Provisioning, Store } from "../ports.ts";
import { appliedPolicy } from "../provision/applied.ts";
import { asked } from "./asking.ts";
import type { CheckLine } from "./line.ts";
import { queueLines } from "./queue-lines.ts";
import { scheduleLines } from "./schedule-lines.ts";
import { setUpLines } from "./set-up-lines.ts";
import { onCallGroups, onCallLines, tierHoursLines } from "./tier-hours-lines.ts";

export interface DeskRulesPorts {
  readonly policy: Policy;
  readonly policyHash: string;
  readonly insight: Pick<DeskInsight, "schedules">;
  readonly provisioning: Pick<Provisioning, "inventory" | "members">;
  /** null = it could not be opened: what `apply` did is not known. */
  readonly store: Pick<Store, "provisionJournal" | "register"> | null;
  readonly clock: Clock;
  readonly publicUrl: string | null;
}

/** Every line; about thirty calls. What one question is refused does not hide what the others say. */
export async function deskRuleLines(ports: DeskRulesPorts, shape: DeskShape): Promise<readonly CheckLine[]> {
  const { policy, clock } = ports;
  const schedules = await asked("hours", "schedules", () => ports.insight.schedules());
  const inventory = await asked("set-up", "help desk", () => ports.provisioning.inventory());
  const members = await asked("hours", "after hours", () => membersOf(ports, shape));
  return [
    ...(schedules.line === null ? scheduleLines(policy, schedules.value, clock.now()) : [schedules.line]),
    ...(schedules.line === null && inventory.line === null
      ? tierHoursLines(policy, schedules.value, inventory.value)
      : []),
    ...(members.line === null ? onCallLines(policy, members.value) : [members.line]),
    ...(inventory.line === null ? queueLines(policy, inventory.value) : []),
    ...(inventory.line === null ? await madeByUs(ports, inventory.value) : [inventory.line]),
  ];
}

async function membersOf(
  { policy, provisioning }: DeskRulesPorts,
  { groups }: DeskShape,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const name of onCallGroups(policy)) {
    const group = groups.find((one) => one.name === name);
    if (group !== undefined) found.set(name, await provisioning.members(group.id));
  }
  return found;
}

async function madeByUs(
  { store, policy, policyHash, publicUrl }: DeskRulesPorts,
  inventory: Inventory,
): Promise<readonly CheckLine[]> {
  if (store === null) return [];
  const known = await asked("set-up", "help desk", async () => ({
    owned: await store.provisionJournal.owned(),
    applied: await appliedPolicy(store.register),
  }));
  return known.line === null
    ? setUpLines({ policy, policyHash, inventory, publicUrl, ...known.value })
    : [known.line];
}
