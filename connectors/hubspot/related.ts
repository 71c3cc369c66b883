/** Facts of companies that stand on their deals and line items, handed over as one more property each. */
import type { DealText, LineText, RelatedSource, RelatedSources } from "../../src/policy/model.ts";
import type { Client } from "./client.ts";
import { type Links, linksOf } from "./links.ts";
import { DEAL, objectsOf, propertiesFor } from "./related-properties.ts";
import { recordsOf } from "./related-records.ts";
import type { CompanyRecord } from "./schemas.ts";

type Values = Readonly<Record<string, string | null>>;

/** A deal as one of a company's; `shared` = of several companies, none of them primary. */
interface Held {
  /** null = it exists and could not be read. */
  readonly deal: CompanyRecord | null;
  readonly shared: boolean;
}

/** Everything read about the deals of some companies. */
interface Reading {
  /** Company id → deals that count for it. */
  readonly counted: ReadonlyMap<string, readonly Held[]>;
  /** Company id → all deals it is linked with. */
  readonly linked: ReadonlyMap<string, readonly (CompanyRecord | null)[]>;
  /** Deal id → its line items; null = some could not be read. */
  readonly lines: ReadonlyMap<string, readonly (CompanyRecord | null)[]>;
}

/**
 * The handed-over properties of each company.
 *
 * A deal counts for its primary company; one without a primary company for the only company it has. A deal of several
 * companies without a primary one counts for nobody and is told with each: counting it twice would promise too much.
 */
export async function relatedValues(
  client: Client,
  related: RelatedSources,
  companyIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Values>> {
  const reading = await readAll(client, related, companyIds, signal);
  return new Map(
    companyIds.map((id) => [
      id,
      Object.fromEntries(
        Object.entries(related).map(([name, source]) => [name, textFor(id, source, reading)]),
      ),
    ]),
  );
}

async function readAll(
  client: Client,
  related: RelatedSources,
  companyIds: readonly string[],
  signal: AbortSignal,
): Promise<Reading> {
  const links = await linksOf(client, "companies", "deals", companyIds, signal);
  const ids = [...links.values()].flatMap(({ to }) => to.map((link) => link.id));
  const deals = await recordsOf(client, "deals", ids, propertiesFor("deals", related), signal);
  const counted = await countedDeals(client, links, deals, signal);
  const linked = new Map(
    [...links].map(([id, { to, odd }]) => [
      id,
      distinct(
        to.map((l) => l.id),
        deals,
        odd,
      ),
    ]),
  );
  const won = [...counted.values()]
    .flat()
    .flatMap(({ deal, shared }) => (deal !== null && !shared && isWon(deal) ? [deal.id] : []));
  const lines = objectsOf(related).includes("line_items")
    ? await linesOf(client, related, won, signal)
    : new Map<string, never>();
  return { counted, linked, lines };
}

/** Company id → deals that count for it, merged deals once. */
async function countedDeals(
  client: Client,
  links: ReadonlyMap<string, Links>,
  deals: ReadonlyMap<string, CompanyRecord | null>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Held[]>> {
  const unmarked = [...links.values()].flatMap(({ to }) =>
    to.filter((link) => !link.primary && deals.has(link.id)).map((link) => link.id),
  );
  const owners = await linksOf(client, "deals", "companies", unmarked, signal);
  const held = (companyId: string, links: Links): readonly Held[] => {
    const found = new Map<string, Held>();
    for (const { id, primary } of links.to) {
      const deal = deals.get(id);
      if (deal === undefined) continue;
      const others = owners.get(id)?.to.filter((one) => one.id !== companyId) ?? [];
      if (!primary && others.some((one) => one.primary)) continue;
      const shared = !primary && (others.length > 0 || owners.get(id)?.odd === true);
      found.set(deal?.id ?? id, { deal, shared });
    }
    return [...found.values(), ...(links.odd ? [{ deal: null, shared: false }] : [])];
  };
  return new Map([...links].map(([id, one]) => [id, held(id, one)]));
}

async function linesOf(
  client: Client,
  related: RelatedSources,
  dealIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly (CompanyRecord | null)[]>> {
  const links = await linksOf(client, "deals", "line_items", dealIds, signal);
  const ids = [...links.values()].flatMap(({ to }) => to.map((link) => link.id));
  const lines = await recordsOf(client, "line_items", ids, propertiesFor("line_items", related), signal);
  return new Map(
    [...links].map(([id, { to, odd }]) => [
      id,
      distinct(
        to.map((l) => l.id),
        lines,
        odd,
      ),
    ]),
  );
}

function distinct(
  ids: readonly string[],
  records: ReadonlyMap<string, CompanyRecord | null>,
  odd: boolean,
): readonly (CompanyRecord | null)[] {
  const found = new Map<string, CompanyRecord | null>();
  for (const id of ids) {
    const record = records.get(id);
    if (record !== undefined) found.set(record?.id ?? id, record);
  }
  return odd ? [...found.values(), null] : [...found.values()];
}

function isWon(deal: CompanyRecord): boolean {
  return deal.properties[DEAL.won] === "true";
}

function textFor(companyId: string, source: RelatedSource, reading: Reading): string {
  const counted = reading.counted.get(companyId) ?? [];
  if (source.kind === "deal_amounts") {
    return JSON.stringify(counted.flatMap((held) => amountOf(held, source)));
  }
  if (source.kind === "sold_lines") {
    return JSON.stringify(counted.flatMap((held) => soldIn(held, source, reading)));
  }
  const open = (reading.linked.get(companyId) ?? []).some(
    (deal) =>
      deal !== null &&
      deal.properties[DEAL.closed] !== "true" &&
      source.pipelines.includes(deal.properties[DEAL.pipeline] ?? ""),
  );
  return String(open);
}

type Of<K extends RelatedSource["kind"]> = Extract<RelatedSource, { readonly kind: K }>;

function amountOf({ deal, shared }: Held, source: Of<"deal_amounts">): readonly DealText[] {
  if (deal === null) return [{ amount: null, currency: null, start: null, end: null, doubt: "unread" }];
  const value = valueIn(deal);
  const elsewhere = source.pipelines.length > 0 && !source.pipelines.includes(value(DEAL.pipeline) ?? "");
  if (!isWon(deal) || elsewhere) return [];
  const { amount, currencyProperty, start, end } = source;
  return [
    {
      amount: value(amount),
      currency: value(currencyProperty),
      start: value(start),
      end: value(end),
      doubt: shared ? "shared" : null,
    },
  ];
}

function soldIn({ deal, shared }: Held, source: Of<"sold_lines">, reading: Reading): readonly LineText[] {
  const doubtful = (doubt: LineText["doubt"]): LineText => ({
    sku: null,
    start: null,
    end: null,
    scope: null,
    doubt,
  });
  if (deal === null) return [doubtful("unread")];
  if (!isWon(deal)) return [];
  if (shared) return [doubtful("shared")];
  return (reading.lines.get(deal.id) ?? []).map((line) => {
    if (line === null) return doubtful("unread");
    const value = valueIn(line);
    const end = value(source.end) ?? valueIn(deal)(source.dealEnd);
    return {
      sku: value(source.sku),
      start: value(source.start),
      end,
      scope: value(source.scope),
      doubt: null,
    };
  });
}

function valueIn(record: CompanyRecord): (property: string | null) => string | null {
  return (property) => (property === null ? null : record.properties[property] || null);
}
