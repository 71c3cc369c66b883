/** Fresh values of rows by key. */
import type { SqlTable } from "../../src/policy/model.ts";
import type { Crm, SourceAccount } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { hashOf, PAGE, type Reading, type SqlOptions } from "./reading.ts";
import { POSTGRES_TYPES } from "./schemas.ts";

/** The rows of these keys; a key whose rows differ from each other is in none of the lists. */
export async function read(
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
