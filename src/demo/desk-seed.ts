/** The sandbox help desk as a customer has it before us: groups, forms, people, opening hours, and a trigger of its own. */
import type { Policy, Schedule, Weekday } from "../policy/model.ts";
import type { Dataset } from "../sandbox/dataset.ts";
import type { ZendeskSeed } from "../sandbox/zendesk.ts";
import { zendeskZoneName } from "../sandbox/zendesk-zones.ts";

type Row = Readonly<Record<string, unknown>>;

/** Ids are fixed so that objects can name each other. */
const IDS = { group: 3600, schedule: 3700, form: 3800, organization: 3900, category: "3950" } as const;

/** Everything in the account before `apply`. */
export function accountSeed(policy: Policy, data: Dataset): ZendeskSeed {
  const groups = [...new Set([...Object.keys(policy.groups), ...data.groups, "Billing"])];
  return {
    groups: groups.map((name, i) => ({ id: IDS.group + i, name })),
    ticket_forms: ["default", ...policy.routing.keepGroupForms].map((name, i) => ({
      id: IDS.form + i,
      name,
      default: i === 0,
    })),
    organizations: data.organizations.map((o, i) => ({
      id: IDS.organization + i,
      name: o.name,
      domain_names: o.domains,
      external_id: o.externalId,
    })),
    users: users(data, groups),
    schedules: schedules(policy),
    trigger_categories: [{ id: IDS.category, name: "Initial" }],
    triggers: [alarms()],
  };
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

/** Another integration's: monitoring raises the priority of its own tickets. */
function alarms(): Row {
  return {
    title: "Monitoring alarms are urgent",
    category_id: IDS.category,
    conditions: {
      all: [
        { field: "update_type", operator: "is", value: "Create" },
        { field: "current_tags", operator: "includes", value: "monitoring" },
      ],
      any: [],
    },
    actions: [{ field: "priority", value: "urgent" }],
  };
}

/** Id of a ticket form by name; null = the default form. */
export function formId(policy: Policy, name: string | null): number | null {
  const index = name === null ? -1 : policy.routing.keepGroupForms.indexOf(name);
  return index < 0 ? null : IDS.form + 1 + index;
}
