/**
 * The sandbox help desk as an administrator would have set it up by hand: fields, SLA policies matched by our tier tags,
 * schedules per tier, a webhook, and a trigger that calls it for every new ticket.
 */
import { accountSeed } from "../src/demo/desk-seed.ts";
import type { Policy, Priority, SlaMetric, Tier } from "../src/policy/model.ts";
import type { Dataset } from "../src/sandbox/dataset.ts";
import type { ZendeskSeed } from "../src/sandbox/zendesk.ts";

type Row = Readonly<Record<string, unknown>>;

const WEBHOOK = "01DEMOWEBHOOK0000000000000";

/** Everything in the account before the first ticket. `endpoint` is where our webhook listens; `secret` signs it. */
export function deskSeed(policy: Policy, data: Dataset, endpoint: string, secret: string): ZendeskSeed {
  const account = accountSeed(policy, data);
  return {
    ...account,
    trigger_categories: [],
    organization_fields: organizationFields(policy),
    sla_policies: slaPolicies(policy),
    webhooks: [
      {
        id: WEBHOOK,
        name: "priority-support",
        status: "active",
        endpoint,
        http_method: "POST",
        request_format: "json",
        subscriptions: ["conditional_ticket_events"],
        secret,
      },
    ],
    triggers: [
      ...(account.triggers ?? []).map(({ category_id: _none, ...rest }) => rest),
      ...triggers(policy, account),
    ],
  };
}

function organizationFields(policy: Policy): Row[] {
  const { prefix } = policy;
  const options = policy.tiers.map((tier) => ({ name: tier.name, value: `${prefix}tier_${tier.id}` }));
  const text = (key: string, title: string): Row => ({ key: `${prefix}${key}`, title, type: "text" });
  return [
    { key: `${prefix}tier`, title: "Support tier", type: "dropdown", custom_field_options: options },
    text("basis", "Support tier: why"),
    text("tam", "Technical account manager"),
    { key: `${prefix}renewal`, title: "Contract renewal", type: "date" },
    text("account", "CRM account"),
    text("changed_at", "Support tier: changed at"),
  ];
}

/** Highest tier first: Zendesk takes the first that matches. */
function slaPolicies(policy: Policy): Row[] {
  return [...policy.tiers].reverse().flatMap((tier, i) => {
    const sla = tier.slaPolicy === null ? undefined : policy.slaPolicies[tier.slaPolicy];
    if (sla === undefined) return [];
    const metrics = (Object.keys(sla) as SlaMetric[]).flatMap((metric) =>
      (Object.keys(sla[metric]) as Priority[]).flatMap((priority) => {
        const target = sla[metric][priority];
        const business = target !== null && policy.schedules[target.schedule]?.alwaysOpen !== true;
        return target === null
          ? []
          : [
              {
                priority,
                metric: policy.slaMetricMap[metric],
                target: target.minutes,
                business_hours: business,
              },
            ];
      }),
    );
    return [
      {
        title: tier.slaPolicy,
        position: i + 1,
        filter: { all: [hasTierTag(policy, tier)], any: [] },
        policy_metrics: metrics,
      },
    ];
  });
}

function hasTierTag(policy: Policy, tier: Tier): Row {
  return { field: "current_tags", operator: "includes", value: `${policy.prefix}tier_${tier.id}` };
}

/** The schedule a tier's business-hours targets run on; null = calendar hours only. */
function scheduleOf(policy: Policy, tier: Tier): string | null {
  const sla = tier.slaPolicy === null ? undefined : policy.slaPolicies[tier.slaPolicy];
  const names = Object.values(sla ?? {}).flatMap((targets) =>
    Object.values(targets).flatMap((t) => (t === null ? [] : [t.schedule])),
  );
  return names.find((name) => policy.schedules[name]?.alwaysOpen !== true) ?? null;
}

/** One trigger that gives each tier its schedule, and ours, last. */
function triggers(policy: Policy, account: ZendeskSeed): Row[] {
  const created = { field: "update_type", operator: "is", value: "Create" };
  const perTier = policy.tiers.flatMap((tier) => {
    const name = scheduleOf(policy, tier);
    const schedule = (account.schedules ?? []).find((one) => one.name === name);
    if (schedule === undefined) return [];
    return [
      {
        title: `Hours of ${tier.name}`,
        conditions: { all: [hasTierTag(policy, tier)], any: [] },
        actions: [{ field: "set_schedule", value: String(schedule.id) }],
      },
    ];
  });
  const body = JSON.stringify({
    schema: "priority-support/1",
    ticket_id: "{{ticket.id}}",
    updated_at: "{{ticket.updated_at_with_timestamp}}",
    organization_id: "{{ticket.organization.id}}",
  });
  return [
    ...perTier,
    {
      title: "Tell priority-support",
      conditions: { all: [created], any: [] },
      actions: [{ field: "notification_webhook", value: [WEBHOOK, body] }],
    },
  ];
}
