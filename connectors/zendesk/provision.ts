/** Zendesk's set-up, one object at a time: the promises of `Provisioning`. */
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import type {
  DeskObjectOf,
  OrderedKind,
  ProvisionFields,
  Provisioning,
  ProvisionKind,
} from "../../src/ports.ts";
import { type Answer, type Call, type ClientOptions, openClient, type ZendeskClient } from "./client.ts";
import type { EndpointName } from "./endpoints.ts";
import { type InventoryPorts, objectsOf, readInventory } from "./provision-inventory.ts";
import { kinds } from "./provision-kinds.ts";
import { orderCall } from "./provision-order.ts";
import { refusalFor } from "./provision-refusals.ts";
import { objectSchemas, optionsOf } from "./provision-schemas.ts";
import { bodies } from "./provision-writing.ts";
import { listOf, recordOf } from "./schemas.ts";

interface Ports extends InventoryPorts {
  readonly client: ZendeskClient;
}

/** The set-up of the account behind `options.url`, with the calls made for it. Nothing is sent until a method is called. */
export function openProvisioning(options: ClientOptions): Provisioning & Pick<ZendeskClient, "calls"> {
  const client = openClient(options);
  const ports: Ports = { client, role: roleOf(client) };
  return {
    inventory: () => readInventory(ports),
    create: (kind, fields) => create(ports, kind, fields),
    change: (kind, id, fields) => change(ports, kind, id, fields),
    remove: (kind, id) => remove(ports, kind, id),
    reorder: (kind, ids, within) => reorder(ports, kind, ids, within),
    members: (groupId) => members(ports, groupId),
    signingSecret: (webhookId) => signingSecret(ports, webhookId),
    calls: client.calls,
  };
}

/** Our user's role; asked again only after it could not be read. */
function roleOf(client: ZendeskClient): () => Promise<string> {
  let known: string | null = null;
  return async () => {
    if (known === null) {
      const answer = await client.call({ endpoint: "me", lane: "backfill", doing: "asking who we are" });
      const role = recordOf(recordOf(answer?.body)?.user)?.role;
      known = typeof role === "string" ? role : null;
    }
    return known ?? "";
  };
}

async function create<K extends ProvisionKind>(
  ports: Ports,
  kind: K,
  fields: ProvisionFields<string>[K],
): Promise<DeskObjectOf<K>> {
  const { noun, one, create: endpoint } = kinds[kind];
  const doing = `making a ${noun}`;
  const body = bodies[kind](fields, new Map());
  const answer = await asked(ports, kind, { endpoint, json: { [one]: body }, doing });
  return objectIn(kind, answer, doing);
}

/** The whole list of options and the whole of some other parts must be sent, so these are read first. */
async function change<K extends ProvisionKind>(
  ports: Ports,
  kind: K,
  id: string,
  fields: Partial<ProvisionFields<string>[K]>,
): Promise<DeskObjectOf<K> | null> {
  const { noun, one, update: endpoint } = kinds[kind];
  const doing = `changing ${noun} ${id}`;
  const before = await readFirst(ports, kind, id, Object.keys(fields));
  if (before === "gone") return null;
  const merged = before === null ? fields : { ...kept(objectIn(kind, before, doing)), ...fields };
  const known = before === null ? new Map<string, string>() : optionsOf(recordOf(before.body)?.[one]);
  const call = { endpoint, ids: [id], json: { [one]: bodies[kind](merged, known) }, doing, absent: [404] };
  const answer = await asked(ports, kind, call);
  if (answer === null) return null;
  if (kind !== "webhook") return objectIn(kind, answer, doing);
  // A changed webhook is not in the answer, which is empty (recorded).
  const shown = await asked(ports, kind, { endpoint: "showWebhook", ids: [id], doing, absent: [404] });
  return shown === null ? null : objectIn(kind, shown, doing);
}

/** The parts that a partial write would lose: title and filter of an SLA policy, columns and sorting of a view. */
function kept<K extends ProvisionKind>(object: DeskObjectOf<K>): Partial<ProvisionFields<string>[K]> {
  const whole = object as DeskObjectOf<ProvisionKind>;
  const parts: Readonly<Record<string, unknown>> = { ...whole.fields };
  const names = KEPT[whole.kind] ?? [];
  return Object.fromEntries(names.map((name) => [name, parts[name]])) as Partial<ProvisionFields<string>[K]>;
}

const KEPT: Partial<Record<ProvisionKind, readonly string[]>> = {
  sla_policy: ["title", "filter"],
  view: ["columns", "sortBy", "sortOrder"],
};

/** Which kinds are read before which of their fields are written. */
const READ_FIRST: Partial<
  Record<ProvisionKind, { readonly show: EndpointName; readonly fields: readonly string[] }>
> = {
  organization_field: { show: "showOrganizationField", fields: ["options"] },
  ticket_field: { show: "showTicketField", fields: ["options"] },
  sla_policy: { show: "showSlaPolicy", fields: ["title", "description", "filter", "targets"] },
  view: { show: "showView", fields: ["columns", "sortBy", "sortOrder"] },
};

async function readFirst(
  ports: Ports,
  kind: ProvisionKind,
  id: string,
  wanted: readonly string[],
): Promise<Answer | "gone" | null> {
  const rule = READ_FIRST[kind];
  if (rule === undefined || !wanted.some((name) => rule.fields.includes(name))) return null;
  const doing = `reading ${kinds[kind].noun} ${id}`;
  return (await asked(ports, kind, { endpoint: rule.show, ids: [id], doing, absent: [404] })) ?? "gone";
}

async function remove(ports: Ports, kind: ProvisionKind, id: string): Promise<boolean> {
  const { noun, remove: endpoint } = kinds[kind];
  const call = { endpoint, ids: [id], doing: `removing ${noun} ${id}`, absent: [404] };
  return (await asked(ports, kind, call)) !== null;
}

/**
 * Reorders, then lists, and only the list counts: one of these endpoints answers with nothing at all (OpenAPI file of
 * 2026-04-28, Reorder SLA Policies: "Empty response", read 2026-11-22), and none says when it left things as they were.
 */
async function reorder(
  ports: Ports,
  kind: OrderedKind,
  ids: readonly string[],
  within: string | null,
): Promise<void> {
  const doing = `putting ${kinds[kind].noun} ${ids.join(", ")} in order`;
  const doubt = await asked(ports, kind, { ...orderCall(kind, ids, within), doing }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof TryAgain) return error;
      throw error;
    },
  );
  const now = await objectsOf(ports, kind);
  const found = "because" in now ? [] : now.map((one) => one.id).filter((id) => ids.includes(id));
  if (found.join() === ids.join()) return;
  throw (
    doubt ??
    new NeedsAdmin(`Zendesk kept another order (${found.join(", ")}) after ${doing}`, {
      fix: "Run `priority-support plan` again: something was added or removed meanwhile.",
    })
  );
}

async function members(ports: Ports, groupId: string): Promise<number> {
  const doing = `counting the members of group ${groupId}`;
  const query = { "page[size]": "100" };
  const call: Omit<Call, "lane"> = {
    endpoint: "listGroupMembers",
    ids: [groupId],
    query,
    doing,
    absent: [404],
  };
  const answer = await asked(ports, "group", call);
  return listOf(recordOf(answer?.body), "group_memberships").length;
}

async function signingSecret(ports: Ports, webhookId: string): Promise<string> {
  const doing = `reading the signing secret of webhook ${webhookId}`;
  const answer = await asked(ports, "webhook", { endpoint: "showSigningSecret", ids: [webhookId], doing });
  const secret = recordOf(recordOf(answer?.body)?.signing_secret)?.secret;
  if (typeof secret === "string" && secret !== "") return secret;
  throw new NeedsAdmin(`Zendesk gave no secret while ${doing}`, {
    fix: "Copy it from Admin Center (Webhooks, Reveal secret) into ZENDESK_WEBHOOK_SECRET.",
  });
}

/** One call; what Zendesk refuses is said in its own words. null = one of the `absent` statuses. */
function asked(
  ports: Ports,
  kind: ProvisionKind,
  call: Omit<Call, "lane" | "refused">,
): Promise<Answer | null> {
  const refused = { doing: call.doing, noun: kinds[kind].noun, role: ports.role };
  return ports.client.call({ ...call, lane: "backfill", refused: (answer) => refusalFor(answer, refused) });
}

function objectIn<K extends ProvisionKind>(kind: K, answer: Answer | null, doing: string): DeskObjectOf<K> {
  const read = objectSchemas[kind].safeParse(recordOf(answer?.body)?.[kinds[kind].one]);
  if (read.success) return read.data;
  throw new TryAgain(
    `Zendesk's answer could not be read at "${read.error.issues[0]?.path.join(".") ?? ""}" while ${doing}`,
  );
}
