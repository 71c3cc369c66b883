/** Deals, line items, and how they hang together with companies and each other. */
import type { Instant } from "../policy/model.ts";
import type { CrmEvent, Values } from "./hubspot-model.ts";
import { type Companies, type CompanyInput, companyRecords, liveOf } from "./hubspot-records.ts";

/** A deal as it is put into the sandbox. */
export interface DealInput extends CompanyInput {
  /** The companies it is linked with; at most one is its primary one. */
  readonly companies: readonly { readonly id: string; readonly primary: boolean }[];
}

/** A line item as it is put into the sandbox. */
export interface LineItemInput extends CompanyInput {
  readonly deal: string;
}

/** The other end of a link, with the ids of its types. */
export interface LinkRow {
  readonly id: string;
  readonly typeIds: readonly number[];
}

/** Kinds of record that can be linked. */
export type LinkedObject = "companies" | "deals" | "line_items";

/** Deals and line items with all their links. */
export interface RelatedRecords {
  /** The same store as for companies: what it calls a company is a deal here. */
  readonly deals: Companies;
  readonly lineItems: Companies;
  /** Live records linked with an id, in id order; null = these kinds are never linked. */
  linked(from: LinkedObject, to: LinkedObject): ((id: string) => readonly LinkRow[]) | null;
  /** Linking moves neither record's change stamp (remembered, not verified). */
  link(deal: string, company: string, primary: boolean): void;
  unlink(deal: string, company: string): void;
  /** Puts a line item under a deal. */
  under(lineItem: string, deal: string): void;
}

interface DealLink {
  readonly deal: string;
  readonly company: string;
  readonly primary: boolean;
}

/** Type ids of links: unlabelled, and the one with the primary company on top (remembered, not verified). */
const TYPES = {
  companyToDeal: 342,
  companyToPrimaryDeal: 6,
  dealToCompany: 341,
  dealToPrimaryCompany: 5,
  dealToLineItem: 19,
  lineItemToDeal: 20,
} as const;

/** The records of a CRM account beside its companies. */
export function relatedRecords(
  initial: { readonly deals: readonly DealInput[]; readonly lineItems: readonly LineItemInput[] },
  companies: Companies,
  options: { readonly now: () => Instant; readonly keepMs: number; readonly tell: (event: CrmEvent) => void },
): RelatedRecords {
  const silent = { ...options, tell: () => {} };
  const deals = companyRecords(initial.deals, silent);
  const lineItems = companyRecords(initial.lineItems, silent);
  const links: DealLink[] = initial.deals.flatMap(({ id, companies: of }) =>
    of.map((one) => ({ deal: id, company: one.id, primary: one.primary })),
  );
  const dealOf = new Map(initial.lineItems.map((line) => [line.id, line.deal]));
  const tellLink = (link: DealLink, removed: boolean) => {
    const { company: id, deal, primary } = link;
    options.tell({ kind: "associationChange", id, at: options.now(), deal, removed, primary: false });
    if (primary) options.tell({ kind: "associationChange", id, at: options.now(), deal, removed, primary });
  };
  return {
    deals,
    lineItems,
    linked: (from, to) => lookUp({ companies, deals, lineItems, links, dealOf }, `${from}/${to}`),
    link(deal, company, primary) {
      links.push({ deal, company, primary });
      tellLink({ deal, company, primary }, false);
    },
    unlink(deal, company) {
      const gone = links.filter((one) => one.deal === deal && one.company === company);
      for (const one of gone) {
        links.splice(links.indexOf(one), 1);
        tellLink(one, true);
      }
    },
    under: (lineItem, deal) => void dealOf.set(lineItem, deal),
  };
}

interface Shelves {
  readonly companies: Companies;
  readonly deals: Companies;
  readonly lineItems: Companies;
  readonly links: readonly DealLink[];
  readonly dealOf: ReadonlyMap<string, string>;
}

type LookUp = (id: string) => readonly LinkRow[];

/** One answer for many records: a question may name a thousand. */
function lookUp(all: Shelves, what: string): LookUp | null {
  const { companies, deals, lineItems, links, dealOf } = all;
  // Links of records that were merged hang on the record they became.
  const company = (of: DealLink) => live(companies, of.company);
  const deal = (of: DealLink) => live(deals, of.deal);
  if (what === "companies/deals")
    return grouped(
      links.map((one) => [
        company(one),
        deal(one),
        types(one, TYPES.companyToDeal, TYPES.companyToPrimaryDeal),
      ]),
    );
  if (what === "deals/companies")
    return grouped(
      links.map((one) => [
        deal(one),
        company(one),
        types(one, TYPES.dealToCompany, TYPES.dealToPrimaryCompany),
      ]),
    );
  const lines = [...dealOf].map(([line, of]) => [live(lineItems, line), live(deals, of)] as const);
  if (what === "deals/line_items")
    return grouped(lines.map(([line, of]) => [of, line, [TYPES.dealToLineItem]]));
  if (what === "line_items/deals")
    return grouped(lines.map(([line, of]) => [line, of, [TYPES.lineItemToDeal]]));
  return null;
}

function types(link: DealLink, plain: number, primary: number): readonly number[] {
  return link.primary ? [plain, primary] : [plain];
}

function grouped(
  found: readonly (readonly [from: string | null, to: string | null, typeIds: readonly number[]])[],
): LookUp {
  const rows = new Map<string, LinkRow[]>();
  for (const [from, to, typeIds] of found) {
    if (from === null || to === null) continue;
    const known = rows.get(from) ?? [];
    known.push({ id: to, typeIds });
    rows.set(from, known);
  }
  return (id) => (rows.get(id) ?? []).sort((left, right) => Number(left.id) - Number(right.id));
}

/** The id a record has now; null = it is not there, or archived. */
function live(records: Companies, id: string): string | null {
  const record = records.find(id);
  return record === null || liveOf(record).state !== "live" ? null : record.id;
}

/** What people do with deals, at `now()`. */
export interface DealWork {
  set(id: string, properties: Values): void;
  add(deal: {
    readonly id?: string;
    readonly properties: Values;
    readonly companies: DealInput["companies"];
  }): string;
  archive(id: string): void;
  link(deal: string, company: string, primary?: boolean): void;
  unlink(deal: string, company: string): void;
}

/** What people do with line items, at `now()`. */
export interface LineItemWork {
  set(id: string, properties: Values): void;
  add(line: { readonly id?: string; readonly properties: Values; readonly deal: string }): string;
  archive(id: string): void;
}

/** People at work on deals and line items. */
export function relatedWork(related: RelatedRecords): {
  readonly deals: DealWork;
  readonly lineItems: LineItemWork;
} {
  const { deals, lineItems } = related;
  return {
    deals: {
      set: (id, properties) => void deals.write(id, properties, "CRM_UI"),
      add({ companies, ...deal }) {
        const id = deals.add(deal);
        for (const one of companies) related.link(id, one.id, one.primary);
        return id;
      },
      archive: (id) => deals.setState(id, "archived"),
      link: (deal, company, primary = false) => related.link(deal, company, primary),
      unlink: related.unlink,
    },
    lineItems: {
      set: (id, properties) => void lineItems.write(id, properties, "CRM_UI"),
      add({ deal, ...line }) {
        const id = lineItems.add(line);
        related.under(id, deal);
        return id;
      },
      archive: (id) => lineItems.setState(id, "archived"),
    },
  };
}
