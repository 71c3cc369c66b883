/** A query on a database as a source of accounts. Nothing is ever written to it. */
import { NeedsAdmin } from "../../src/errors.ts";
import type { Crm } from "../../src/ports.ts";
import { createClient } from "./client.ts";
import { read } from "./read.ts";
import type { Reading, SqlOptions } from "./reading.ts";
import type { Column } from "./schemas.ts";
import { POSTGRES, SQLITE, statementsFor } from "./statements.ts";
import { inWindow, walk } from "./walk.ts";

/** Transactions that began before the window ended may commit after it was read; older ones are found at night. */
const OVERLAP_MS = 10 * 60_000;
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
