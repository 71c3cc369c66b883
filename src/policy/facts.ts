/** From a CRM record, which is all text, to the facts about an account. Unknown ≠ zero ≠ empty. */
import {
  type Reading,
  readAddress,
  readAmount,
  readDate,
  readDomain,
  readLink,
  readList,
  readYesNo,
  textOf,
} from "./fact-kinds.ts";
import type { Account, AccountStatus, CrmMapping, FactSource, Instant, Money } from "./model.ts";
import { dealArr, soldAddons } from "./related-facts.ts";
import { foldedName } from "./text-fold.ts";

/** A CRM record as text. */
export interface SourceRecord {
  readonly id: string;
  readonly name: string | null;
  readonly values: Readonly<Record<string, string | null>>;
}

/** How ids become ours, and when the record was read. */
export interface ReadingOptions {
  /** Put before record ids: `hubspot:`. */
  readonly idPrefix: string;
  readonly syncedAt: Instant;
  /** Put before the parent's record id; left out = the same as `idPrefix`. */
  readonly parentIdPrefix?: string;
}

/** A fact that could not be read as it stands: `unreadable`, `status_unmapped`, or one of `DROPPED`. */
export interface FactProblem {
  readonly fact: string;
  readonly code: string;
  readonly detail: string;
}

/** What the CRM says: the account's facts, and what in them nobody can read. */
export interface FactsRead {
  readonly account: Account;
  readonly problems: readonly FactProblem[];
}

type Fact = Exclude<keyof CrmMapping, "domains" | "label">;

interface Reader {
  /** The text of a fact after its map; null = not mapped or empty. */
  readonly text: (fact: Fact) => string | null;
  /** The value read, or null where it is empty or unreadable. */
  readonly read: <T>(fact: Fact, how: (raw: string | null) => Reading<T>) => T | null;
  readonly report: (fact: string, code: string, raw: string) => void;
  readonly problems: readonly FactProblem[];
}

const SHOWN = 60;
/** Entries nobody can use are left out and told; no decision rests on them, so nobody has to look. */
const DROPPED: readonly string[] = ["domain_dropped", "link_dropped", "contact_dropped"];

function readerOf(record: SourceRecord, mapping: CrmMapping): Reader {
  const problems: FactProblem[] = [];
  const report = (fact: string, code: string, raw: string) => {
    problems.push({ fact, code, detail: raw.length > SHOWN ? `${raw.slice(0, SHOWN)}…` : raw });
  };
  const text = (fact: Fact): string | null => {
    const source = mapping[fact];
    if (source === null) return null;
    return translated(source, textOf(rawOf(record, source.property)));
  };
  const read = <T>(fact: Fact, how: (raw: string | null) => Reading<T>): T | null => {
    const raw = text(fact);
    const reading = how(raw);
    if (reading.is === "unreadable") report(fact, "unreadable", raw ?? "");
    return reading.is === "value" ? reading.value : null;
  };
  return { text, read, report, problems };
}

function rawOf(record: SourceRecord, property: string): string | null {
  return Object.hasOwn(record.values, property) ? (record.values[property] ?? null) : null;
}

function translated(source: FactSource, raw: string | null): string | null {
  if (raw === null || source.map === null) return raw;
  const word = foldedName(raw);
  return Object.hasOwn(source.map, word) ? (source.map[word] ?? raw) : raw;
}

const STATUSES: Readonly<Record<string, AccountStatus>> = {
  active: "active",
  trial: "trial",
  on_hold: "on_hold",
  past_due: "past_due",
  cancelled: "cancelled",
  canceled: "cancelled",
};

/** An unknown status counts as active: a new word in the CRM must not take a paying customer's support away. */
function statusOf(reader: Reader): AccountStatus {
  const raw = reader.text("status");
  if (raw === null) return "active";
  const word = foldedName(raw).replace(/[ -]/g, "_");
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) reader.report("status", "status_unmapped", raw);
  return status ?? "active";
}

function arrOf(record: SourceRecord, mapping: CrmMapping, reader: Reader, at: Instant): Money | null {
  const { property, related } = mapping.arr ?? {};
  if (property !== undefined && related?.kind === "deal_amounts") {
    const { money, doubts } = dealArr(rawOf(record, property), related, at);
    for (const doubt of doubts) reader.report("arr", "unreadable", doubt);
    return money;
  }
  const amount = reader.read("arr", readAmount);
  if (amount === null || mapping.arr === null) return null;
  const { currency, currencyProperty } = mapping.arr;
  if (currencyProperty === null) return { amount, currency };
  const stated = textOf(rawOf(record, currencyProperty))?.toUpperCase() ?? null;
  return { amount, currency: stated !== null && /^[A-Z]{3}$/.test(stated) ? stated : null };
}

function domainsOf(record: SourceRecord, mapping: CrmMapping, reader: Reader): readonly string[] {
  const entries = mapping.domains.flatMap((property) =>
    readList((rawOf(record, property) ?? "").replace(/[,\s]+/g, ";")),
  );
  const found = new Set<string>();
  for (const entry of entries) {
    const domain = readDomain(entry);
    if (domain === null) reader.report("domains", "domain_dropped", entry);
    else found.add(domain);
  }
  return [...found];
}

/** What agents are shown and nothing is decided by; left out where the CRM says nothing. */
function shownOnly(reader: Reader): Pick<Account, "slackChannel" | "contacts"> {
  const link = reader.text("slackChannel");
  const slackChannel = readLink(link);
  if (link !== null && slackChannel === null) reader.report("slackChannel", "link_dropped", link);
  const contacts = readList(reader.text("contacts")?.replace(/[,\s]+/g, ";")).flatMap((entry) => {
    const address = readAddress(entry);
    if (address === null) reader.report("contacts", "contact_dropped", entry);
    return address === null ? [] : [address];
  });
  return {
    ...(slackChannel === null ? {} : { slackChannel }),
    ...(contacts.length === 0 ? {} : { contacts: [...new Set(contacts)] }),
  };
}

function addonsOf(record: SourceRecord, mapping: CrmMapping, reader: Reader): Account["addons"] {
  const { property, related } = mapping.addons ?? {};
  if (property !== undefined && related?.kind === "sold_lines") {
    const { lines, doubts } = soldAddons(rawOf(record, property), related);
    for (const doubt of doubts) reader.report("addons", "unreadable", doubt);
    return lines;
  }
  return readList(reader.text("addons")).map((sku) => ({ sku, start: null, end: null, scope: "account" }));
}

/**
 * The facts of one CRM record.
 *
 * A text that cannot be read leaves its fact unknown, is named in `account.unreadable` and told in `problems`, so that
 * a person looks at it. A status nobody mapped counts as active and is named too. Domains, links and addresses that are
 * none are dropped and told in `problems` only.
 */
export function accountOf(record: SourceRecord, mapping: CrmMapping, options: ReadingOptions): FactsRead {
  const reader = readerOf(record, mapping);
  const status = statusOf(reader);
  const tam = reader.text("tam");
  const owner = reader.text("owner");
  const parent = reader.text("parent");
  const trialEnd = reader.read("trialEnd", readDate);
  const poc = reader.read("poc", readYesNo) ?? false;
  const facts = {
    id: `${options.idPrefix}${record.id}`,
    name: textOf(record.name),
    plan: reader.text("plan"),
    arr: arrOf(record, mapping, reader, options.syncedAt),
    status,
    contractStart: reader.read("contractStart", readDate),
    contractEnd: reader.read("contractEnd", readDate),
    renewalInProgress: reader.read("renewalInProgress", readYesNo) ?? false,
    addons: addonsOf(record, mapping, reader),
    parentId: parent === null ? null : `${options.parentIdPrefix ?? options.idPrefix}${parent}`,
    standalone: reader.read("standalone", readYesNo) ?? false,
    trial: status === "trial" ? { poc, end: trialEnd } : null,
    tam: tam === null ? null : { agent: tam, active: true },
    ...(owner === null ? {} : { owner }),
    domains: domainsOf(record, mapping, reader),
    ...shownOnly(reader),
    syncedAt: options.syncedAt,
    goneOn: null,
  };
  const inDoubt = reader.problems.filter((problem) => !DROPPED.includes(problem.code));
  return {
    account: { ...facts, unreadable: [...new Set(inDoubt.map((problem) => problem.fact))] },
    problems: reader.problems,
  };
}

/** Every CRM property the mapping reads, the label included, each once. */
export function propertiesOf(mapping: CrmMapping): readonly string[] {
  const { domains, label, ...facts } = mapping;
  const named = Object.values(facts).flatMap((source) =>
    source === null ? [] : [source.property, source.currencyProperty],
  );
  return [...new Set([...named, ...domains, label])].filter((name) => name !== null);
}
