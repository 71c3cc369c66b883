/** What of the account decides which objects make sense in it. */
import { foldedName } from "../policy/text-fold.ts";
import type { DeskName, Inventory } from "../ports.ts";

/** What compiling looks at beside the policy. */
export interface AccountFacts {
  /** Channels as conditions number them; null = not known. */
  readonly channels: readonly DeskName[] | null;
  /** Names of the ticket forms. */
  readonly forms: readonly string[];
  /** Names of the opening hours, the first one is every ticket's. null = the plan has none. */
  readonly schedules: readonly string[] | null;
  /** Omnichannel queues of its own decide where tickets go; the group on the ticket is then not looked at. */
  readonly customQueues: boolean;
  /** Ticket fields of which a trigger can tell that they changed: `organization_id`, `requester_id`. */
  readonly tellsChange: readonly string[];
}

/** An account of which nothing is known. */
export const UNKNOWN_ACCOUNT: AccountFacts = {
  channels: null,
  forms: [],
  schedules: [],
  customQueues: false,
  tellsChange: [],
};

/** The facts of the account that was read. */
export function accountFacts(inventory: Inventory): AccountFacts {
  const { around, definitions, kinds } = inventory;
  const conditions = Object.entries(definitions.triggerConditions ?? {});
  return {
    channels: definitions.channels,
    forms: around.forms.map((form) => form.name),
    schedules: around.schedules?.map((schedule) => schedule.name) ?? null,
    customQueues: !("because" in kinds.queue) && kinds.queue.length > 0,
    tellsChange: conditions.filter(([, operators]) => operators.includes("changed")).map(([field]) => field),
  };
}

/** The name as the account writes it, found without regard to case and blanks; null = there is none. */
export function nameAmong(wanted: string, names: readonly string[]): string | null {
  return names.find((name) => foldedName(name) === foldedName(wanted)) ?? null;
}
