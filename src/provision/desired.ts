/** Which objects a desk needs for a policy. Pure: the plan compares them with what is there. */
import type { Policy } from "../policy/model.ts";
import { type AccountFacts, UNKNOWN_ACCOUNT } from "./account-facts.ts";
import { groups, organizationFields, tierTicketField } from "./desired-fields.ts";
import type { Desired, Remark, Wanted } from "./desired-model.ts";
import { scheduleTriggers, slaPolicies } from "./desired-sla.ts";
import { escalationMacros, tierQueues, tierViews } from "./desired-work.ts";
import { nativeTriggers } from "./native-triggers.ts";
import { notifyTriggers, triggerCategories, webhook } from "./notify-triggers.ts";

/** What the policy alone does not say. */
export interface DesiredOptions {
  /** Address under which the desk reaches the service; null = not known, then no webhook is wanted. */
  readonly publicUrl: string | null;
  /** What kind of account it is; left out = nothing is known. */
  readonly account?: AccountFacts;
}

/** Everything the desk should have for this policy, in the order it is made, with remarks on what it cannot have. */
export function desired(policy: Policy, options: DesiredOptions): Desired {
  const account = options.account ?? UNKNOWN_ACCOUNT;
  const native = nativeTriggers(policy, account);
  const sla = slaPolicies(policy);
  const hours = scheduleTriggers(policy, account);
  const tell = toldBy(policy, options.publicUrl, account);
  const triggers = [...native.triggers, ...hours.triggers, ...tell.triggers];
  const objects: readonly Wanted[] = [
    ...organizationFields(policy),
    tierTicketField(policy),
    ...groups(policy),
    ...triggerCategories(policy).filter(({ key }) => triggers.some((trigger) => trigger.place === key)),
    ...tell.webhooks,
    ...sla.policies,
    ...triggers,
    ...(account.customQueues ? tierQueues(policy) : []),
    ...tierViews(policy),
    ...escalationMacros(policy),
  ];
  const remarks: readonly Remark[] = [
    ...native.remarks,
    ...sla.remarks,
    ...hours.remarks,
    ...tell.remarks,
    ...(account.customQueues ? [queuesIgnoreGroups()] : []),
  ];
  return { prefix: policy.prefix, objects, remarks };
}

function toldBy(
  policy: Policy,
  publicUrl: string | null,
  account: AccountFacts,
): {
  readonly webhooks: readonly Wanted[];
  readonly triggers: readonly Wanted[];
  readonly remarks: readonly Remark[];
} {
  if (publicUrl !== null)
    return { webhooks: [webhook(policy, publicUrl)], ...notifyTriggers(policy, account) };
  const remark: Remark = {
    about: "webhook",
    message:
      "PUBLIC_URL is not set, so there is no address the desk could call: no webhook and no trigger for it.",
    fix: "Set PUBLIC_URL to the address under which Zendesk reaches this service.",
  };
  return { webhooks: [], triggers: [], remarks: [remark] };
}

function queuesIgnoreGroups(): Remark {
  return {
    about: "queues",
    message:
      "This desk routes by queues of its own, which do not look at a ticket's group: the tiers get queues that look at the tier tag.",
    fix: null,
  };
}
