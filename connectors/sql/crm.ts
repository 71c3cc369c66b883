/** A query on a database as a source of accounts. Nothing is ever written to it. */
import { createHash } from "node:crypto";
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import type { SqlTable } from "../../src/policy/model.ts";
import type { ChangePage, Crm, RefusedRecord, SourceAccount } from "../../src/ports.ts";
import { type Client, createClient } from "./client.ts";
import { type Column, POSTGRES_TYPES } from "./schemas.ts";
import { POSTGRES, SQLITE, statementsFor } from "./statements.ts";

export interface SqlOptions {
  /** Name of the source: `sql`, or `sql.warehouse`. */
  readonly source: string;
  readonly url: () => string;
  readonly table: SqlTable;
  /** Columns that anybody will ask for. */
  readonly columns: readonly string[];
  /** The fewest rows a person has agreed to; null = nobody has. */
  readonly approvedRows: () => number | null;
  /** Name of the setting that holds it. */
  readonly approval: string;
}

/** Rows a page; also how many keys are asked for at once. */
const PAGE = 1_000;
/** Transactions that began before the window ended may commit after it was read; older ones are found at night. */
const OVERLAP_MS = 10 * 60_000;
/** A query that lost a larger part than this since the last walk is taken for broken. */
const SHRINK = 0.2;

/** A connection to one query or table, with `close` to let go of it. */
export function openSql(options: SqlOptions): Crm & { readonly close: () => Promise<void> } {
  const { source, table } = options;
  const client = createClient(options.url, source);
  const wanted = [...new Set([...(table.name === null ? [] : [table.name]), ...options.columns])];
  const statements = () => statementsFor(client.kind() === "postgres" ? POSTGRES : SQLITE, table, wanted);
  const columns = async (): Promise<readonly Column[]> =>
    (await client.ask(statements().columns, [])).columns;
  const reading: Reading = { client, options, wanted, statements };
  return {
    name: source,
    lacks: [...(table.updatedAt === null ? (["change_feed"] as const) : []), "deletions", "label", "merges"],
    async test() {
      needColumns(await columns(), options);
      return { tenant: client.tenant(), timezone: null, currency: null };
    },
    fields: async () => {
      const there = await columns();
      needColumns(there, options);
      return there.map(fieldOf);
    },
    people: async () => new Map(),
    changes: (window, signal) =>
      table.updatedAt === null ? walk(reading, null, signal) : inWindow(reading, window, signal),
    all: (signal, lastCount = null) => walk(reading, lastCount, signal),
    read: (ids, properties, signal) => read(reading, ids, properties, signal),
    writeLabels: async (rows) =>
      rows.map(({ id }) => ({
        id,
        ok: false,
        retry: false,
        reason: "nothing is written to this database",
        updatedAt: null,
      })),
    ensureLabel: async () => ({ created: false, added: [] }),
    overlapMs: OVERLAP_MS,
    calls: () => ({ query: client.asked() }),
    close: client.close,
  };
}

interface Reading {
  readonly client: Client;
  readonly options: SqlOptions;
  readonly wanted: readonly string[];
  readonly statements: () => ReturnType<typeof statementsFor>;
}

function fieldOf({ name, type }: Column): Awaited<ReturnType<Crm["fields"]>>[number] {
  const turnover = /^annual_?revenue$/i.test(name);
  return {
    name,
    label: name,
    type: type === "" ? "text" : type,
    options: [],
    writable: false,
    caution: turnover
      ? "Usually the customer's own yearly turnover, which is not what they pay you: never map it to ARR."
      : null,
  };
}

/** Mapped facts are checked by the sync; key, name and change column only we know. */
function needColumns(there: readonly Column[], { table, source }: SqlOptions): void {
  for (const column of [table.key, table.name, table.updatedAt]) {
    if (column === null || there.some((one) => one.name === column)) continue;
    const names = there.map((one) => one.name).slice(0, 30);
    throw new NeedsAdmin(`${source} has no column \`${column}\`; it has ${names.join(", ")}`, {
      fix: "Correct `key`, `name` or `updated_at` in the policy's crm section; upper and lower case count.",
    });
  }
}

/** Every row in key order. @throws NeedsAdmin far fewer than at the last walk; the pages before were true. */
async function* walk(
  { client, options, wanted, statements }: Reading,
  lastCount: number | null,
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  const { source, table } = options;
  let count = 0;
  let last: string | null = null;
  for (let more = true; more; ) {
    const params: (string | number)[] = last === null ? [PAGE + 1] : [PAGE + 1, last];
    const { rows } = await client.ask(statements().page(last !== null), params, signal);
    more = rows.length > PAGE;
    const page = new Map<string, string | null>();
    const refused: RefusedRecord[] = [];
    for (const [key, ...rest] of rows) {
      const id = key ?? "";
      if (id === last || page.has(id)) refused.push(twice(id, options));
      else if (page.size < PAGE)
        page.set(id, table.updatedAt === null ? hashOf(wanted, rest) : (rest[0] ?? null));
    }
    count += page.size;
    last = [...page.keys()].at(-1) ?? last;
    if (rows.length > PAGE && page.size === 0)
      throw new NeedsAdmin(`${source}: more than ${PAGE} rows share one \`${table.key}\``, {
        fix: "Name a key that is unique, or group the query by it.",
      });
    yield { changed: [...page].map(([id, updatedAt]) => ({ id, updatedAt })), gone: [], refused };
  }
  const { rows: keyless } = await client.ask(statements().keyless, [], signal);
  if (keyless.length > 0)
    yield {
      changed: [],
      gone: [],
      refused: [{ id: null, where: source, reason: `rows without a \`${table.key}\`` }],
    };
  refuseShrunk(count, lastCount, options);
}

function twice(id: string, { source, table }: SqlOptions): RefusedRecord {
  return { id, where: source, reason: `its \`${table.key}\` stands twice; group the query by it` };
}

function refuseShrunk(rows: number, lastCount: number | null, options: SqlOptions): void {
  const approved = options.approvedRows();
  if (approved !== null && rows >= approved) return;
  const before = lastCount ?? 0;
  if (rows > 0 && rows >= before * (1 - SHRINK)) return;
  const was = before === 0 ? "" : `; the last time it gave ${before}`;
  throw new NeedsAdmin(`${options.source} gives only ${rows} rows${was}; nobody was taken for gone`, {
    fix: `Look at the query; when those customers are really gone, set ${options.approval}=${rows}.`,
  });
}

/** Rows whose change column lies in the window, oldest change first; rows without a value are found by the walk. */
async function* inWindow(
  { client, statements }: Reading,
  window: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  const moment = (at: number): string | number =>
    client.kind() === "postgres" ? new Date(at).toISOString() : at;
  let last: readonly [moment: string | number, key: string] | null = null;
  for (;;) {
    const bounds = [PAGE, moment(window.from), moment(window.to)];
    const params: (string | number)[] = last === null ? bounds : [...bounds, ...last];
    const { rows } = await client.ask(statements().window(last !== null), params, signal);
    if (rows.length === 0) return;
    yield { changed: rows.map(([key, stamp]) => ({ id: key ?? "", updatedAt: stamp ?? null })), gone: [] };
    const [key, , at] = rows.at(-1) ?? [];
    if (rows.length < PAGE) return;
    if (typeof key !== "string" || typeof at !== "string") throw new TryAgain("the window has no end");
    last = [client.kind() === "postgres" ? at : Number(at), key];
  }
}

async function read(
  { client, options, wanted, statements }: Reading,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): ReturnType<Crm["read"]> {
  const unique = [...new Set(ids)];
  const accounts = new Map<string, SourceAccount>();
  const doubtful = new Set<string>();
  const found = new Set<string>();
  const type = client.kind() === "postgres" ? await keyType(client, statements().columns, options) : "";
  const askable = unique.filter((id) => fits(id, type));
  for (let at = 0; at < askable.length; at += PAGE) {
    const keys = askable.slice(at, at + PAGE);
    const param = client.kind() === "postgres" ? arrayOf(keys) : JSON.stringify(keys);
    const { rows } = await client.ask(statements().read, [param], signal);
    for (const row of rows) {
      const account = accountOf(row, options.table, wanted, properties);
      const before = accounts.get(account.id);
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(account))
        doubtful.add(account.id);
      accounts.set(account.id, account);
      found.add(account.id);
    }
  }
  return {
    // Two different rows with one key: neither is believed, and the account is not missing either.
    accounts: [...accounts.values()].filter((account) => !doubtful.has(account.id)),
    missing: unique.filter((id) => !found.has(id)),
    moved: [],
  };
}

async function keyType(client: Client, sql: string, { table }: SqlOptions): Promise<string> {
  const { columns } = await client.ask(sql, []);
  return columns.find((column) => column.name === table.key)?.type ?? "";
}

/** PostgreSQL refuses the whole list for one text that is no number where the key is a number. */
function fits(id: string, type: string): boolean {
  const { int2, int4, int8, uuid } = POSTGRES_TYPES;
  if (type === uuid) return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  if (!([int2, int4, int8] as readonly string[]).includes(type)) return true;
  if (!/^-?\d{1,19}$/.test(id)) return false;
  const limit = type === int2 ? 2n ** 15n : type === int4 ? 2n ** 31n : 2n ** 63n;
  return BigInt(id) < limit && BigInt(id) >= -limit;
}

/** A PostgreSQL array as text; its element type follows from the column it is compared with. */
function arrayOf(keys: readonly string[]): string {
  return `{${keys.map((key) => `"${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}

function accountOf(
  [key, stamp, ...cells]: readonly (string | null)[],
  table: SqlTable,
  wanted: readonly string[],
  properties: readonly string[],
): SourceAccount {
  const cell = (column: string): string | null => cells[wanted.indexOf(column)] ?? null;
  return {
    id: key ?? "",
    name: table.name === null ? null : cell(table.name),
    values: Object.fromEntries(properties.map((name) => [name, cell(name)])),
    aliases: [],
    updatedAt: table.updatedAt === null ? hashOf(wanted, cells) : (stamp ?? null),
  };
}

function hashOf(columns: readonly string[], cells: readonly (string | null | undefined)[]): string {
  const values = columns.map((_column, at) => cells[at] ?? null);
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 27);
}
