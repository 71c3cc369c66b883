/** The account's set-up as a plan starts from it: every object of every kind, what rules may name, what is around. */
import type {
  DeskName,
  DeskObjectOf,
  Inventory,
  InventoryOfKinds,
  ProvisionDefinitions,
  ProvisionKind,
  Unavailable,
} from "../../src/ports.ts";
import type { Call, ZendeskClient } from "./client.ts";
import { NOT_IN_PLAN } from "./describe.ts";
import type { EndpointName } from "./endpoints.ts";
import { kinds } from "./provision-kinds.ts";
import { objectSchemas } from "./provision-schemas.ts";
import { listOf, namedSchema, readEach, recordOf } from "./schemas.ts";
import { list, valueText } from "./setup-schemas.ts";

const LANE = "backfill";

/** What reading needs. `role` = our user's, asked at most once. */
export interface InventoryPorts {
  readonly client: ZendeskClient;
  readonly role: () => Promise<string>;
}

/** Everything there is, one list after the other. */
export async function readInventory(ports: InventoryPorts): Promise<Inventory> {
  // First of all: a token that is refused stops here, and is not mistaken for a plan without anything.
  await ports.role();
  const read = <K extends ProvisionKind>(kind: K): Promise<readonly DeskObjectOf<K>[] | Unavailable> =>
    objectsOf(ports, kind);
  const found: InventoryOfKinds = {
    organization_field: await read("organization_field"),
    ticket_field: await read("ticket_field"),
    group: await read("group"),
    trigger_category: await read("trigger_category"),
    webhook: await read("webhook"),
    trigger: await read("trigger"),
    sla_policy: await read("sla_policy"),
    view: await read("view"),
    macro: await read("macro"),
    queue: await read("queue"),
  };
  return {
    kinds: { ...found, trigger: byCategory(found) },
    definitions: await readDefinitions(ports.client),
    around: {
      brands: (await named(ports.client, "listBrands", "brands")) ?? [],
      forms: (await named(ports.client, "listForms", "ticket_forms")) ?? [],
      schedules: await named(ports.client, "listSchedules", "schedules"),
    },
  };
}

/** Every object of a kind in its order, or why none can be read. */
export async function objectsOf<K extends ProvisionKind>(
  { client, role }: InventoryPorts,
  kind: K,
): Promise<readonly DeskObjectOf<K>[] | Unavailable> {
  const { many, noun, paged, list: endpoint } = kinds[kind];
  const rows = await listed(client, endpoint, many, paged, FILTERS[kind]);
  // A plan without the kind answers 404 or, to an administrator, 403.
  if (rows === null) return { because: (await role()) === "admin" ? "plan" : "role" };
  const own = rows.filter((row) => isOurs(kind, row));
  const read = readEach(objectSchemas[kind], own, noun, client.report);
  return read.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

/** Shared views and macros only: those that agents keep for themselves are nobody's business. */
const FILTERS: Partial<Record<ProvisionKind, Readonly<Record<string, string>>>> = {
  view: { access: "shared" },
  macro: { access: "shared" },
};

/** Deleted groups, and the fields that Zendesk itself brings, are not objects of ours to compare with. */
function isOurs(kind: ProvisionKind, row: unknown): boolean {
  const whole = recordOf(row);
  if (kind === "group") return whole?.deleted !== true;
  return kind !== "ticket_field" || whole?.removable !== false;
}

async function listed(
  client: ZendeskClient,
  endpoint: EndpointName,
  key: string,
  paged: boolean,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[] | null> {
  const call: Call = {
    endpoint,
    query: { ...filter, ...(paged ? { "page[size]": "100" } : {}) },
    lane: LANE,
    doing: `listing ${key.replaceAll("_", " ")}`,
    absent: NOT_IN_PLAN,
  };
  let rows: unknown[] | null = null;
  for await (const body of client.pages(call)) rows = [...(rows ?? []), ...listOf(body, key)];
  return rows;
}

/** Triggers run category by category; those in none come last (assumed). */
function byCategory(found: InventoryOfKinds): InventoryOfKinds["trigger"] {
  const { trigger, trigger_category: categories } = found;
  if ("because" in trigger || "because" in categories) return trigger;
  const places = new Map(categories.map(({ id }, index) => [id, index]));
  const place = (category: string | null): number => places.get(category ?? "") ?? places.size;
  return trigger.toSorted((a, b) => place(a.fields.category) - place(b.fields.category));
}

async function named(
  client: ZendeskClient,
  endpoint: EndpointName,
  key: string,
): Promise<readonly DeskName[] | null> {
  const rows = await listed(client, endpoint, key, endpoint !== "listSchedules");
  if (rows === null) return null;
  return readEach(namedSchema, rows, key.replace(/s$/, ""), client.report).map(({ id, name }) => ({
    id,
    name,
  }));
}

type Row = Readonly<Record<string, unknown>>;

async function readDefinitions(client: ZendeskClient): Promise<ProvisionDefinitions> {
  const filters = await definitionsAt(client, "defineSlaFilters");
  const triggers = await definitionsAt(client, "defineTriggers");
  const queues = await definitionsAt(client, "defineQueues");
  return {
    slaFilter: filters === null ? null : operatorsOf([...list(filters.all), ...list(filters.any)], "value"),
    triggerConditions:
      triggers === null
        ? null
        : operatorsOf([...list(triggers.conditions_all), ...list(triggers.conditions_any)], "subject"),
    triggerActions: triggers === null ? null : subjectsOf(triggers, "actions"),
    channels: channelsOf(triggers, filters),
    queueConditions: queues === null ? null : subjectsOf(queues, "conditions_all", "conditions_any"),
  };
}

async function definitionsAt(client: ZendeskClient, endpoint: EndpointName): Promise<Row | null> {
  const doing = "asking what rules may look at";
  const answer = await client.call({ endpoint, lane: LANE, doing, absent: NOT_IN_PLAN });
  return recordOf(recordOf(answer?.body)?.definitions);
}

const subjectsOf = (definitions: Row, ...keys: readonly string[]): readonly string[] => [
  ...new Set(keys.flatMap((key) => list(definitions[key]).map((row) => valueText(row.subject)))),
];

/** SLA definitions call the field `value`, trigger definitions `subject` (recorded). */
const operatorsOf = (
  rows: readonly Row[],
  field: "value" | "subject",
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    rows.map((row) => [valueText(row[field]), list(row.operators).map((one) => valueText(one.value))]),
  );

/** Channels as triggers list them; where they do not say, as SLA filters do. */
function channelsOf(triggers: Row | null, filters: Row | null): readonly DeskName[] | null {
  const ofTriggers = list(triggers?.conditions_all).find((row) => row.subject === "via_id");
  const ofFilters = list(filters?.all).find((row) => row.value === "via_id");
  const rows = [list(ofTriggers?.values), list(recordOf(ofFilters?.values)?.list)].find(
    (one) => one.length > 0,
  );
  return rows?.map((row) => ({ id: valueText(row.value), name: valueText(row.title) })) ?? null;
}
