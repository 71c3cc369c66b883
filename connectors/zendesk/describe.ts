/**
 * What is true of this Zendesk account: groups, forms, fields, plan features, who we are.
 *
 * Groups, forms and ticket fields are needed to read any ticket, so they are kept apart from the rest: three lists
 * every five minutes. An id or name that is not among them makes them be read once more, for it may be new.
 * Organization fields are only written to: they are kept for an hour, unless an organization shows that one is gone.
 */
import { Paused } from "../../src/errors.ts";
import type { DeskShape, Lane } from "../../src/ports.ts";
import type { Call, ZendeskClient } from "./client.ts";
import {
  idOf,
  listOf,
  namedSchema,
  organizationFieldSchema,
  readEach,
  recordOf,
  slaPolicySchema,
  ticketFieldSchema,
  type ZendeskTicketField,
} from "./schemas.ts";

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Names and fields needed to read and write a ticket. */
export interface Names {
  readonly groups: readonly Named[];
  readonly forms: readonly Named[];
  /** null = no impact field is configured, or it is not in this account. */
  readonly impactField: ZendeskTicketField | null;
  /** The drop-down whose options are the tier tags; null = not provisioned. */
  readonly tierField: ZendeskTicketField | null;
}

export interface AccountView {
  names(lane: Lane): Promise<Names>;
  /** Names again if `known` does not hold of the kept ones and they are not fresh. */
  namesWith(known: (names: Names) => boolean, lane: Lane): Promise<Names>;
  /** Keys of the organization fields; read again when one of `wanted` is not among the kept ones. */
  organizationFields(wanted: readonly string[]): Promise<readonly string[]>;
  /** An organization was read that has these fields: where one we write is not among them, the list is out of date. */
  sawOrganizationFields(keys: readonly string[]): void;
  describe(): Promise<DeskShape>;
}

export interface AccountOptions {
  readonly client: ZendeskClient;
  readonly now: () => number;
  /** Title or id of the ticket field that carries severity; null = none. */
  readonly impactField: string | null;
  readonly tierTags: readonly string[];
}

const KEEP_MS = 5 * 60_000;
const KEEP_ORGANIZATION_FIELDS_MS = 60 * 60_000;
/** A name that stays unknown must not make every ticket read the lists again. */
const FRESH_MS = 30_000;
/** What a plan does not have, Zendesk refuses or does not know. */
export const NOT_IN_PLAN: readonly number[] = [403, 404];

/** A view of the account that reads at most once in five minutes unless something is unknown. */
export function viewAccount(options: AccountOptions): AccountView {
  const { client } = options;
  const names = kept(options.now, (lane) => readNames(options, lane));
  const fields = kept(
    options.now,
    (lane) => readOrganizationFields(client, lane),
    KEEP_ORGANIZATION_FIELDS_MS,
  );
  let written: readonly string[] = [];
  const shape = kept(options.now, (lane) => readShape(client, lane));
  return {
    names: names.get,
    namesWith: names.getWith,
    organizationFields: (wanted) => {
      written = [...new Set([...written, ...wanted])];
      return fields.getWith((keys) => wanted.every((key) => keys.includes(key)), "tier_change");
    },
    sawOrganizationFields: (keys) => {
      if (written.some((key) => !keys.includes(key))) fields.drop();
    },
    async describe() {
      const known = await names.get("live");
      const rest = await shape.get("live");
      const organizationFields = await fields.get("live");
      return {
        ...rest,
        groups: known.groups,
        duplicateGroups: duplicatesOf(known.groups),
        forms: known.forms,
        organizationFields,
        impactField: known.impactField !== null,
        tierField: known.tierField !== null,
      };
    },
  };
}

interface Kept<T> {
  get(lane: Lane): Promise<T>;
  getWith(suits: (value: T) => boolean, lane: Lane): Promise<T>;
  /** The next question is answered by a fresh reading. */
  drop(): void;
}

/** Remembers a reading; callers who ask meanwhile share it, a failed one is not remembered. */
function kept<T>(now: () => number, read: (lane: Lane) => Promise<T>, keepMs = KEEP_MS): Kept<T> {
  let held: { readonly value: Promise<T>; readonly at: number } | null = null;
  const readAgain = (lane: Lane): Promise<T> => {
    const value = read(lane);
    const mine = { value, at: now() };
    held = mine;
    value.catch(() => {
      if (held === mine) held = null;
    });
    return value;
  };
  const get = (lane: Lane): Promise<T> =>
    held !== null && now() - held.at < keepMs ? held.value : readAgain(lane);
  return {
    get,
    drop: () => {
      held = null;
    },
    async getWith(suits, lane) {
      const before = held;
      const value = await get(lane);
      if (suits(value) || before === null || held === null || now() - held.at < FRESH_MS) return value;
      // Someone else may have read again while we waited: then theirs is the fresh one.
      return held === before ? readAgain(lane) : held.value;
    },
  };
}

async function readNames(options: AccountOptions, lane: Lane): Promise<Names> {
  const { client } = options;
  const groups = await readNamed(client, { endpoint: "listGroups", lane, doing: "listing groups" }, "groups");
  const forms = await readNamed(
    client,
    { endpoint: "listForms", lane, doing: "listing ticket forms", absent: NOT_IN_PLAN },
    "ticket_forms",
  );
  const fields = await collect(
    client,
    { endpoint: "listTicketFields", lane, doing: "listing ticket fields" },
    (body) => readEach(ticketFieldSchema, listOf(body, "ticket_fields"), "ticket field", client.report),
  );
  const active = fields.filter((field) => field.active);
  return {
    groups,
    forms,
    impactField: active.find((field) => isNamed(field, options.impactField)) ?? null,
    tierField: active.find((field) => holdsTiers(field, options.tierTags)) ?? null,
  };
}

async function readShape(
  client: ZendeskClient,
  lane: Lane,
): Promise<Pick<DeskShape, "brands" | "slaPolicies" | "me">> {
  const me = await readMe(client, lane);
  const brands = await readNamed(
    client,
    { endpoint: "listBrands", lane, doing: "listing brands", absent: NOT_IN_PLAN },
    "brands",
  );
  return { me, brands, slaPolicies: await readSlaPolicies(client, lane) };
}

/**
 * Who the token belongs to.
 *
 * @throws Paused Zendesk answers a token that means nothing with the anonymous end user and status 200.
 */
async function readMe(client: ZendeskClient, lane: Lane): Promise<DeskShape["me"]> {
  const answer = await client.call({ endpoint: "me", lane, doing: "asking who we are" });
  const user = recordOf(recordOf(answer?.body)?.user);
  const id = idOf(user?.id);
  const role = typeof user?.role === "string" ? user.role : "";
  if (id !== null && role !== "") return { id, role };
  throw new Paused("Zendesk does not know who this token belongs to", {
    upstream: "Zendesk",
    fix: "Set ZENDESK_EMAIL and ZENDESK_API_TOKEN (or ZENDESK_OAUTH_TOKEN) to those of an active administrator.",
  });
}

/** null = SLA policies are not part of this plan, or not ours to read (administrators only). */
async function readSlaPolicies(client: ZendeskClient, lane: Lane): Promise<DeskShape["slaPolicies"]> {
  const call: Call = { endpoint: "listSlaPolicies", lane, doing: "listing SLA policies" };
  const first = await client.call({ ...call, absent: NOT_IN_PLAN });
  if (first === null) return null;
  const policies = readEach(slaPolicySchema, listOf(first.body, "sla_policies"), "SLA policy", client.report);
  return [...policies].sort((a, b) => a.position - b.position);
}

async function readOrganizationFields(client: ZendeskClient, lane: Lane): Promise<readonly string[]> {
  const fields = await collect(
    client,
    { endpoint: "listOrganizationFields", lane, doing: "listing organization fields" },
    (body) =>
      readEach(
        organizationFieldSchema,
        listOf(body, "organization_fields"),
        "organization field",
        client.report,
      ),
  );
  return fields.map((field) => field.key);
}

async function readNamed(client: ZendeskClient, call: Call, key: string): Promise<readonly Named[]> {
  const rows = await collect(client, call, (body) =>
    readEach(namedSchema, listOf(body, key), key.replace(/s$/, ""), client.report),
  );
  return rows.filter((row) => !row.deleted).map(({ id, name }) => ({ id, name: name.trim() }));
}

async function collect<T>(
  client: ZendeskClient,
  call: Call,
  read: (body: unknown) => readonly T[],
): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const body of client.pages({ ...call, query: { "page[size]": "100" } })) all.push(...read(body));
  return all;
}

function isNamed(field: ZendeskTicketField, wanted: string | null): boolean {
  return wanted !== null && (field.id === wanted.trim() || fold(field.title) === fold(wanted));
}

function holdsTiers(field: ZendeskTicketField, tierTags: readonly string[]): boolean {
  const values = new Set(field.custom_field_options.map((option) => option.value));
  return field.type === "tagger" && tierTags.length > 0 && tierTags.every((tag) => values.has(tag));
}

function duplicatesOf(groups: readonly Named[]): readonly string[] {
  const seen = new Set<string>();
  const twice = groups.filter(({ name }) => seen.has(name) || !seen.add(name)).map((group) => group.name);
  return [...new Set(twice)];
}

/** Trimmed and case-folded, as names are compared. */
export function fold(name: string): string {
  return name.trim().toLowerCase();
}
