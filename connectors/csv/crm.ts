/** A file, or a folder of files, as a source of accounts. Nothing is ever written to it. */
import { basename } from "node:path";
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import type { ChangePage, Crm, SourceField } from "../../src/ports.ts";
import { filesAt } from "./client.ts";
import { type CsvOptions, printOf, readSnapshot, type Snapshot } from "./snapshot.ts";

const PAGE = 500;
/** A file that lost a larger part than this since the last walk is taken for a broken export. */
const SHRINK = 0.2;

/** A connection to one table of files; nothing is opened before the first question. */
export function openCsv(options: CsvOptions): Crm {
  let kept: Snapshot | null = null;
  let asked = 0;
  /** The table as it is now; read again only when a file changed. */
  const table = async (signal?: AbortSignal): Promise<Snapshot> => {
    if (signal?.aborted === true) throw new TryAgain("stopped before the file was read");
    asked += 1;
    const running = signal ?? new AbortController().signal;
    if (kept === null || kept.print !== printOf(await filesAt(options.path(), options.setting)))
      kept = await readSnapshot(options, running);
    return kept;
  };
  const walk = async function* (signal: AbortSignal, lastCount: number | null): AsyncIterable<ChangePage> {
    const snapshot = await table(signal);
    refuseShrunk(snapshot.rows.size, lastCount, options);
    yield* pagesOf(snapshot);
  };
  return {
    name: options.source,
    lacks: ["change_feed", "deletions", "label", "merges"],
    async test() {
      await table();
      return { tenant: basename(options.path()), timezone: null, currency: null };
    },
    fields: async () => (await table()).columns.map(fieldOf),
    people: async () => new Map(),
    changes: (_window, signal) => walk(signal, null),
    all: (signal, lastCount = null) => walk(signal, lastCount),
    read: async (ids, properties, signal) => readRows(await table(signal), ids, properties),
    writeLabels: async (rows) =>
      rows.map(({ id }) => ({
        id,
        ok: false,
        retry: false,
        reason: "nothing is written to a file",
        updatedAt: null,
      })),
    ensureLabel: async () => ({ created: false, added: [] }),
    overlapMs: 0,
    calls: () => ({ file: asked }),
  };
}

function fieldOf(name: string): SourceField {
  const turnover = /^annual[ _]?revenue$/i.test(name);
  return {
    name,
    label: name,
    type: "text",
    options: [],
    writable: false,
    caution: turnover
      ? "Usually the customer's own yearly turnover, which is not what they pay you: never map it to ARR."
      : null,
  };
}

function readRows(
  { rows }: Snapshot,
  ids: readonly string[],
  properties: readonly string[],
): Awaited<ReturnType<Crm["read"]>> {
  const unique = [...new Set(ids)];
  const accounts = unique.flatMap((id) => {
    const row = rows.get(id);
    if (row === undefined) return [];
    const values = Object.fromEntries(properties.map((name) => [name, row.values[name] ?? null]));
    return [{ id, name: row.name, values, aliases: [], updatedAt: row.stamp }];
  });
  return { accounts, missing: unique.filter((id) => !rows.has(id)), moved: [] };
}

function* pagesOf({ rows, refused }: Snapshot): Iterable<ChangePage> {
  const ids = [...rows.keys()].sort();
  for (let at = 0; at < ids.length; at += PAGE)
    yield {
      changed: ids.slice(at, at + PAGE).map((id) => ({ id, updatedAt: rows.get(id)?.stamp ?? null })),
      gone: [],
    };
  if (refused.length > 0) yield { changed: [], gone: [], refused };
}

/** What is not in the file counts as gone, so a file cut short must not pass for one. */
function refuseShrunk(rows: number, lastCount: number | null, options: CsvOptions): void {
  const approved = options.approvedRows();
  if (approved !== null && rows >= approved) return;
  const before = lastCount ?? 0;
  if (rows > 0 && rows >= before * (1 - SHRINK)) return;
  const was = before === 0 ? "" : `; the last one had ${before}`;
  throw new NeedsAdmin(`the file of ${options.setting} has only ${rows} rows${was}; nothing of it was used`, {
    fix: `Look at the job that writes the export; when those customers are really gone, set ${options.approval}=${rows}.`,
  });
}
