/** The SLA policy endpoints, for administrators of plans that have them. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { definitionsView, filterConditions } from "./zendesk-definitions.ts";
import { route, type Served } from "./zendesk-guard.ts";
import type { Json, PolicyMetric, SlaPolicyRecord } from "./zendesk-records.ts";
import { policiesInOrder } from "./zendesk-sla.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";

const METRICS = [
  ...[
    "agent_work_time",
    "first_reply_time",
    "next_reply_time",
    "pausable_update_time",
    "periodic_update_time",
  ],
  ...["requester_wait_time", "total_resolution_time"],
];
const PRIORITIES = ["low", "normal", "high", "urgent"];

/** Every route under `/slas`. */
export function slaRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "slas" } as const;
  const base = "/slas/policies";
  const planned =
    (handle: (call: Call) => Reply) =>
    (call: Call): Reply =>
      world.behaviour.slas ? handle(call) : notFound();
  const one = (call: Call): SlaPolicyRecord =>
    world.state.slaPolicies.get(call.params.sla_policy_id ?? "") ?? refuse(notFound());
  return [
    route(
      admin,
      "GET",
      base,
      planned(() => listed(world)),
    ),
    route(
      admin,
      "POST",
      base,
      planned((call) => save(world, call, null)),
    ),
    route(
      admin,
      "GET",
      `${base}/definitions`,
      planned(() => ({ status: 200, body: definitionsView(world) })),
    ),
    route(
      admin,
      "PUT",
      `${base}/reorder`,
      planned((call) => reorder(world, call)),
    ),
    route(
      admin,
      "GET",
      `${base}/:sla_policy_id`,
      planned((call) => ({ status: 200, body: { sla_policy: view(world, one(call)) } })),
    ),
    route(
      admin,
      "PUT",
      `${base}/:sla_policy_id`,
      planned((call) => save(world, call, one(call))),
    ),
    route(
      admin,
      "DELETE",
      `${base}/:sla_policy_id`,
      planned((call) => {
        world.state.slaPolicies.delete(one(call).id);
        call.effect({ kind: "sla_policy_deleted", id: call.params.sla_policy_id });
        return { status: 204 };
      }),
    ),
  ];
}

function save(world: World, call: Call, before: SlaPolicyRecord | null): Reply {
  const { id: _own, ...input } = bodyOf(call, "sla_policy");
  const after = policyAfter(world, input, before);
  world.state.slaPolicies.set(after.id, after);
  call.effect({ kind: "sla_policy_saved", id: after.id, title: after.title });
  return { status: before === null ? 201 : 200, body: { sla_policy: view(world, after) } };
}

function listed(world: World): Reply {
  const policies = policiesInOrder(world);
  return {
    status: 200,
    body: {
      sla_policies: policies.map((policy) => view(world, policy)),
      next_page: null,
      previous_page: null,
      count: policies.length,
    },
  };
}

/** The ids may come in the body (what clients send) or as `sla_policy_ids[]` (what the OpenAPI file says). */
function reorder(world: World, call: Call): Reply {
  const ids = [...asTexts(asJson(call.body)?.sla_policy_ids), ...call.query.getAll("sla_policy_ids[]")];
  if (ids.some((id) => !world.state.slaPolicies.has(id))) return notFound();
  const rest = policiesInOrder(world).filter((policy) => !ids.includes(policy.id));
  const ordered = [...ids.flatMap((id) => world.state.slaPolicies.get(id) ?? []), ...rest];
  for (const [index, policy] of ordered.entries())
    world.state.slaPolicies.set(policy.id, { ...policy, position: index + 1 });
  call.effect({ kind: "sla_policies_reordered", ids });
  // Published as an empty answer.
  return { status: 200 };
}

/** A policy after a write; a list of metrics replaces the old one. @throws a 422 refusal. */
export function policyAfter(world: World, input: Json, before: SlaPolicyRecord | null): SlaPolicyRecord {
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const filter = asJson(input.filter);
  if (filter === null && before === null) refuse(invalid({ filter: "Filter: cannot be blank" }));
  // Both sides are sent, empty or not; a policy that lacks one breaks (assumed to be refused).
  if (filter !== null && (asList(filter.all) === null || asList(filter.any) === null))
    refuse(invalid({ filter: "Filter: all and any are both needed" }));
  const at = stamp(world);
  const metrics = asList(input.policy_metrics);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    title,
    description: "description" in input ? asText(input.description) : (before?.description ?? null),
    position: Number(input.position ?? before?.position ?? lastPosition(world) + 1),
    filter:
      filter === null
        ? (before?.filter ?? { all: [], any: [] })
        : { all: filterConditions(world, filter.all), any: filterConditions(world, filter.any) },
    metrics: metrics === null ? (before?.metrics ?? []) : metricsOf(metrics),
    metricSettings: asJson(input.metric_settings) ?? before?.metricSettings ?? {},
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

/** Without a position a policy comes last. */
const lastPosition = (world: World): number =>
  Math.max(0, ...[...world.state.slaPolicies.values()].map((policy) => policy.position));

function metricsOf(rows: readonly unknown[]): readonly PolicyMetric[] {
  const metrics = rows.map((row) => metricOf(asJson(row) ?? {}));
  const seen = new Set(metrics.map(({ metric, priority }) => `${metric} ${priority}`));
  if (seen.size < metrics.length)
    refuse(invalid({ policy_metrics: "Policy metrics: one target for a metric at a priority" }));
  return metrics;
}

/** `target` counts minutes; when only `target_in_seconds` is given it is used (which one wins is not documented). */
function metricOf(row: Json): PolicyMetric {
  const metric = asText(row.metric) ?? "";
  const priority = asText(row.priority) ?? "";
  const target =
    row.target === undefined || row.target === null ? Number(row.target_in_seconds) / 60 : Number(row.target);
  if (!METRICS.includes(metric))
    refuse(invalid({ policy_metrics: `Metric: ${metric} is not a valid metric` }));
  if (!PRIORITIES.includes(priority))
    refuse(invalid({ policy_metrics: `Priority: ${priority} is not a valid priority` }));
  if (!(target > 0) || !Number.isInteger(target))
    refuse(invalid({ policy_metrics: "Target: must be a whole number of minutes greater than 0" }));
  return {
    metric,
    priority: priority as PolicyMetric["priority"],
    target,
    businessHours: row.business_hours === true,
  };
}

const view = (world: World, policy: SlaPolicyRecord): Json => ({
  url: `${world.url()}/api/v2/slas/policies/${policy.id}.json`,
  id: numeric(policy.id),
  title: policy.title,
  description: policy.description,
  position: policy.position,
  filter: policy.filter,
  policy_metrics: policy.metrics.map((metric) => ({
    priority: metric.priority,
    metric: metric.metric,
    target: metric.target,
    target_in_seconds: metric.target * 60,
    business_hours: metric.businessHours,
  })),
  metric_settings: policy.metricSettings,
  created_at: iso(policy.createdAt),
  updated_at: iso(policy.updatedAt),
});
