/**
 * The sandbox help desk as an admin would have set it up for a policy: groups, fields, schedules, SLA policies matched
 * by our tier tags, and a trigger that calls our webhook for every new ticket.
 */
import type { Policy, Priority, Schedule, SlaMetric, Tier, Weekday } from "../policy/model.ts";
import type { Dataset } from "../sandbox/dataset.ts";
import type { ZendeskSeed } from "../sandbox/zendesk.ts";
import { zendeskZoneName } from "../sandbox/zendesk-zones.ts";

type Row = Readonly<Record<string, unknown>>;

/** Ids are fixed so that objects can name each other. */
const IDS = {
  group: 3600,
  schedule: 3700,
  form: 3800,
  organization: 3900,
  webhook: "01DEMOWEBHOOK0000000000000",
} as const;

/** Everything in the account before the first ticket. `endpoint` is where our webhook listens; `secret` signs it. */
export function deskSeed(policy: Policy, data: Dataset, endpoint: string, secret: string): ZendeskSeed {
  const groups = [...new Set([...Object.keys(policy.groups), ...data.groups, "Billing"])];
  return {
    groups: groups.map((name, i) => ({ id: IDS.group + i, name })),
    ticket_forms: ["default", ...policy.routing.keepGroupForms].map((name, i) => ({
      id: IDS.form + i,
      name,
      default: i === 0,
    })),
    organization_fields: organizationFields(policy),
    organizations: data.organizations.map((o, i) => ({
      id: IDS.organization + i,
      name: o.name,
      domain_names: o.domains,
      external_id: o.externalId,
    })),
    users: users(data, groups),
    schedules: schedules(policy),
    sla_policies: slaPolicies(policy),
    webhooks: [
      {
        id: IDS.webhook,
        name: "priority-support",
        status: "active",
        endpoint,
        http_method: "POST",
        request_format: "json",
        subscriptions: ["conditional_ticket_events"],
        secret,
      },
    ],
    triggers: triggers(policy),
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

function users(data: Dataset, groups: readonly string[]): Row[] {
  const at = (key: string | null): number | null => {
    const index = data.organizations.findIndex((o) => o.key === key);
    return index < 0 ? null : IDS.organization + index;
  };
  const people = data.users.map((u) => ({
    email: u.email,
    name: u.name,
    role: "end-user",
    organization_id: at(u.organization),
    verified: u.verified,
    tags: u.vip ? ["vip"] : [],
  }));
  const staff = data.agents.map((a) => ({
    email: a.email,
    name: a.name,
    role: "agent",
    suspended: !a.active,
    group_ids: a.groups.map((g) => IDS.group + groups.indexOf(g)),
  }));
  return [...people, ...staff];
}

const DAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Zendesk's schedules: minutes since Sunday, the first one is the default of every ticket. */
function schedules(policy: Policy): Row[] {
  return openingHours(policy).map(([name, schedule], i) => ({
    id: IDS.schedule + i,
    name,
    time_zone: zendeskZoneName(schedule.timezone),
    intervals: DAYS.flatMap((day, index) =>
      (schedule.weekly[day] ?? []).map((range) => interval(index, range)),
    ),
    holidays: schedule.holidays.map((day) => ({ name: day, start_date: day, end_date: day })),
  }));
}

function openingHours(policy: Policy): readonly (readonly [string, Schedule])[] {
  return Object.entries(policy.schedules).filter(([, schedule]) => !schedule.alwaysOpen);
}

function interval(day: number, range: string): Row {
  const [from = "", to = ""] = range.split("-");
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return { start_time: day * 1440 + minutes(from), end_time: day * 1440 + minutes(to) };
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

/** Another integration's trigger, one that gives each tier its schedule, and ours, last. */
function triggers(policy: Policy): Row[] {
  const created = { field: "update_type", operator: "is", value: "Create" };
  const hours = openingHours(policy).map(([name]) => name);
  const perTier = policy.tiers.flatMap((tier) => {
    const schedule = scheduleOf(policy, tier);
    if (schedule === null) return [];
    return [
      {
        title: `Hours of ${tier.name}`,
        conditions: { all: [hasTierTag(policy, tier)], any: [] },
        actions: [{ field: "set_schedule", value: String(IDS.schedule + hours.indexOf(schedule)) }],
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
    {
      title: "Monitoring alarms are urgent",
      conditions: {
        all: [created, { field: "current_tags", operator: "includes", value: "monitoring" }],
        any: [],
      },
      actions: [{ field: "priority", value: "urgent" }],
    },
    ...perTier,
    {
      title: "Tell priority-support",
      conditions: { all: [created], any: [] },
      actions: [{ field: "notification_webhook", value: [IDS.webhook, body] }],
    },
  ];
}

/** Id of a ticket form by name; null = the default form. */
export function formId(policy: Policy, name: string | null): number | null {
  const index = name === null ? -1 : policy.routing.keepGroupForms.indexOf(name);
  return index < 0 ? null : IDS.form + 1 + index;
}
