/**
 * The port's fields → the bodies Zendesk takes. Pure; keys that are not given are not sent. Values of conditions and
 * actions go out as text, ids among them (assumed to be taken: triggers are read back that way).
 */
import type { ProvisionConditions, ProvisionFields, ProvisionKind } from "../../src/ports.ts";
import { FIRED_BY_TRIGGERS } from "./provision-schemas.ts";
import { numeric } from "./schemas.ts";

type Body = Readonly<Record<string, unknown>>;
type Given<K extends ProvisionKind> = Partial<ProvisionFields<string>[K]>;

/** What a write of one kind sends. `known` = ids of the options the field has already, by tag. */
export type BodyOf = {
  readonly [K in ProvisionKind]: (fields: Given<K>, known: ReadonlyMap<string, string>) => Body;
};

/** How each kind is written. */
export const bodies: BodyOf = {
  organization_field: ({ options, ...rest }, known) => ({ ...rest, ...optionList(options, known) }),
  ticket_field: ({ options, description, ...rest }, known) => ({
    ...rest,
    ...optionList(options, known),
    ...given({ agent_description: description }),
  }),
  group: (fields) => ({ ...fields }),
  trigger_category: (fields) => ({ ...fields }),
  webhook: ({ active, readable, firedBy, events, ...rest }) => ({
    ...rest,
    ...given({ status: active === undefined ? undefined : active ? "active" : "inactive" }),
    ...(readable === undefined ? {} : { http_method: "POST", request_format: "json" }),
    ...(firedBy === undefined && events === undefined
      ? {}
      : { subscriptions: firedBy === "triggers" ? [FIRED_BY_TRIGGERS] : (events ?? []) }),
  }),
  trigger: ({ category, conditions, ...rest }) => ({
    ...rest,
    // Accounts without categories know no such key; with them, none is said as null.
    ...(category === undefined || category === null ? {} : { category_id: category }),
    ...given({ conditions: conditions === undefined ? undefined : sides(conditions) }),
  }),
  sla_policy: ({ filter, targets, ...rest }) => ({
    ...rest,
    ...given({ filter: filter === undefined ? undefined : sides(filter) }),
    ...given({
      // Minutes alone: which of `target` and `target_in_seconds` wins is not documented.
      policy_metrics: targets?.map(({ metric, priority, minutes, businessHours }) => ({
        metric,
        priority,
        target: minutes,
        business_hours: businessHours,
      })),
    }),
  }),
  view: ({ conditions, columns, sortBy, sortOrder, ...rest }) => ({
    ...rest,
    // Written beside the title, read back as `conditions` (OpenAPI file of 2026-04-28, Create View, read 2026-11-22).
    ...(conditions === undefined ? {} : sides(conditions)),
    ...(columns === undefined
      ? {}
      : { output: { columns, ...(sortBy === "" ? {} : { sort_by: sortBy, sort_order: sortOrder }) } }),
  }),
  macro: (fields) => ({ ...fields }),
  queue: ({ conditions, primaryGroups, secondaryGroups, ...rest }) => ({
    ...rest,
    ...given({ definition: conditions === undefined ? undefined : sides(conditions) }),
    // Names of these two keys are remembered, not verified; the answer shows whether they were taken.
    ...given({
      primary_groups_id: primaryGroups?.map(numeric),
      secondary_groups_id: secondaryGroups?.map(numeric),
    }),
  }),
};

/** Both sides always, empty or not: a filter that lacks one breaks. */
const sides = (conditions: ProvisionConditions<string>): Body => ({ ...conditions });

/**
 * The whole list. A choice that is there already goes out with its id: without it, it would be a new choice, and every
 * condition that names the old one by id would never hold again.
 */
function optionList(
  options: ProvisionFields<string>["ticket_field"]["options"] | undefined,
  known: ReadonlyMap<string, string>,
): Body {
  if (options === undefined || (options.length === 0 && known.size === 0)) return {};
  const rows = options.map(({ name, tag }) => {
    const id = known.get(tag);
    return { ...(id === undefined ? {} : { id: numeric(id) }), name, value: tag };
  });
  return { custom_field_options: rows };
}

function given(fields: Body): Body {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
