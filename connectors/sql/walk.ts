/** Which rows there are, and which changed: keys and stamps, page by page. */
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import type { ChangePage, RefusedRecord } from "../../src/ports.ts";
import { hashOf, PAGE, type Reading, type SqlOptions } from "./reading.ts";

/** A query that lost a larger part than this since the last walk is taken for broken. */
const SHRINK = 0.2;

/** Every row in key order. @throws NeedsAdmin far fewer than at the last walk; the pages before were true. */
export async function* walk(
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
export async function* inWindow(
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
