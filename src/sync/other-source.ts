/** What changed in one source beside the first: its records are kept as they are, each under the account it belongs to. */
import { NeedsAdmin } from "../errors.ts";
import { accountOf, propertiesOf } from "../policy/facts.ts";
import type { CrmMapping, Tam } from "../policy/model.ts";
import { statedFacts } from "../policy/sources.ts";
import type { ChangePage, Clock, Crm, RefusedRecord, SourceAccount, SourceRow, Store } from "../ports.ts";

import { unknownProperties } from "./mapped-properties.ts";

/** A source beside the first one. */
export interface OtherSource {
  readonly port: Crm;
  readonly mapping: CrmMapping;
  /** Property of this source that holds the id of the first source's record. */
  readonly join: string;
}

export interface OtherPorts {
  /** The first source. */
  readonly crm: Crm;
  readonly store: Store;
  readonly clock: Clock;
  /** Hears of records that could not be read. */
  readonly refused: (source: string, records: readonly RefusedRecord[]) => void;
}

const CHUNK = 500;

/** Register key: when this source was last read to its end. */
export function sourceCursor(port: Crm): string {
  return `source:${port.name}`;
}

/**
 * Reads what changed since the last time. The accounts it concerns, and those it no longer concerns, are added to
 * `touched` as they are found, so that a source that breaks off has told what it did.
 */
export async function takeInOther(
  ports: OtherPorts,
  other: OtherSource,
  full: boolean,
  touched: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const { register } = ports.store;
  const { port } = other;
  await checkProperties(other);
  const cursor = await register.cursor(sourceCursor(port));
  const to = ports.clock.now();
  if (full || cursor === null || port.lacks?.includes("change_feed") === true)
    await walk(ports, other, touched, signal);
  else {
    const window = { from: Number(cursor) - port.overlapMs, to };
    for await (const page of port.changes(window, signal))
      await takePage(ports, other, page, touched, signal);
  }
  await register.setCursor(sourceCursor(port), String(to));
}

/** A property that is not there would read as "empty" for every customer. */
async function checkProperties({ port, mapping, join }: OtherSource): Promise<void> {
  const fields = await port.fields();
  const problems = [
    ...unknownProperties(mapping, fields),
    ...(fields.some((field) => field.name === join)
      ? []
      : [{ what: `\`${join}\``, fix: `Correct sources.join for ${port.name} in the policy.` }]),
  ];
  if (problems.length === 0) return;
  throw new NeedsAdmin(
    `the policy names ${port.name} fields that do not exist: ${problems.map((one) => one.what).join("; ")}`,
    { fix: problems.map((one) => one.fix).join(" ") },
  );
}

/** Everything the source has; what it no longer shows is forgotten, unless a record could not even be named. */
async function walk(
  ports: OtherPorts,
  other: OtherSource,
  touched: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const { register } = ports.store;
  const walked = `walked:${other.port.name}`;
  const before = await register.cursor(walked);
  const seen = new Set<string | null>();
  for await (const page of other.port.all(signal, before === null ? null : Number(before))) {
    for (const { id } of [...page.changed, ...(page.refused ?? [])]) seen.add(id);
    await takePage(ports, other, page, touched, signal);
  }
  if (!seen.has(null)) await forgetUnseen(ports.store, other.port.name, seen, touched);
  await register.setCursor(walked, String(seen.size));
}

async function forgetUnseen(
  store: Store,
  source: string,
  seen: ReadonlySet<string | null>,
  touched: Set<string>,
): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page: readonly string[] = await store.sourceFacts.page(source, after, CHUNK);
    if (page.length === 0) return;
    after = page[page.length - 1] ?? null;
    const unseen = page.filter((id) => !seen.has(id));
    if (unseen.length > 0) add(touched, await store.sourceFacts.remove(source, unseen));
  }
}

async function takePage(
  ports: OtherPorts,
  other: OtherSource,
  page: ChangePage,
  touched: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const { port, mapping, join } = other;
  const { sourceFacts } = ports.store;
  if (page.refused !== undefined && page.refused.length > 0) ports.refused(port.name, page.refused);
  const listed = page.changed.map((record) => record.id);
  const known = await sourceFacts.known(port.name, listed);
  const changed = page.changed
    .filter(({ id, updatedAt }) => updatedAt === null || known.get(id)?.updatedAt !== updatedAt)
    .map((record) => record.id);
  const properties = [...new Set([...propertiesOf(mapping), join])];
  for (let at = 0; at < changed.length; at += CHUNK) {
    const answer = await port.read(changed.slice(at, at + CHUNK), properties, signal);
    const rows = await Promise.all(answer.accounts.map((record) => rowOf(ports, other, record)));
    await sourceFacts.put(rows);
    add(
      touched,
      rows.map((row) => row.accountId),
    );
    add(
      touched,
      rows.map((row) => known.get(row.sourceId)?.accountId ?? ""),
    );
    const moved = answer.moved.map(({ from }) => from);
    add(touched, await sourceFacts.remove(port.name, [...answer.missing, ...moved]));
  }
  if (page.gone.length > 0) add(touched, await sourceFacts.remove(port.name, page.gone));
}

function add(touched: Set<string>, accountIds: readonly string[]): void {
  for (const id of accountIds) if (id !== "") touched.add(id);
}

async function rowOf(ports: OtherPorts, other: OtherSource, record: SourceAccount): Promise<SourceRow> {
  const { port, mapping, join } = other;
  const { account } = accountOf(record, mapping, { idPrefix: `${port.name}:`, syncedAt: ports.clock.now() });
  const named = { ...account, tam: await withAddress(port, account.tam) };
  return {
    source: port.name,
    sourceId: record.id,
    accountId: await ownerOf(ports, record.values[join] ?? ""),
    account: named,
    stated: statedFacts(record.values, mapping, named),
    updatedAt: record.updatedAt,
  };
}

/** The account that `written` names, as `123` or `hubspot:123`, through merges; "" = it names none. */
async function ownerOf({ crm, store }: OtherPorts, written: string): Promise<string> {
  const prefix = `${crm.name}:`;
  const id = written.trim();
  const bare = id.startsWith(prefix) ? id.slice(prefix.length) : id;
  return bare === "" ? "" : ((await store.accounts.resolve(crm.name, bare)) ?? `${prefix}${bare}`);
}

/** An owner property may hold an id; the address is what the sources and the help desk have in common. */
async function withAddress(port: Crm, tam: Tam | null): Promise<Tam | null> {
  if (tam === null || !/^\d+$/.test(tam.agent)) return tam;
  return { ...tam, agent: (await port.people([tam.agent])).get(tam.agent) ?? tam.agent };
}
