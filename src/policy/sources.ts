/** One account from several sources: for each fact the first source that says something. Pure. */
import { textOf } from "./fact-kinds.ts";
import type { Account, CrmMapping, SourcesPolicy } from "./model.ts";

/** What one source says about an account. */
export interface SourceFacts {
  readonly source: string;
  readonly account: Account;
  /** Facts about which it says anything at all, readable or not. */
  readonly stated: readonly string[];
}

/** Facts that may come from any source; the id, the parent and whether the record is gone are the first source's. */
const MERGED = [
  "name",
  "plan",
  "arr",
  "contractStart",
  "contractEnd",
  "addons",
  "tam",
  "status",
  "renewalInProgress",
  "standalone",
  "domains",
  "slackChannel",
  "contacts",
] as const;

type Merged = (typeof MERGED)[number];

/** Facts whose absence in the account looks like a value: only the record's own text tells. */
const HAVE_A_DEFAULT = ["status", "renewalInProgress", "standalone"] as const;

/** Facts of a record about which the source says anything, so that "not stated" can fall through to the next one. */
export function statedFacts(
  values: Readonly<Record<string, string | null>>,
  mapping: CrmMapping,
  account: Account,
): readonly string[] {
  const written = HAVE_A_DEFAULT.filter((fact) => {
    const property = mapping[fact]?.property;
    return property !== undefined && Object.hasOwn(values, property) && textOf(values[property]) !== null;
  });
  return [...new Set([...writtenFacts(account), ...written, ...account.unreadable])];
}

/** The same for an account whose record is not at hand: a default counts as not stated. */
export function statedByAccount(account: Account): readonly string[] {
  const differs = [
    ...(account.status === "active" ? [] : ["status"]),
    ...(account.renewalInProgress ? ["renewalInProgress"] : []),
    ...(account.standalone ? ["standalone"] : []),
  ];
  return [...new Set([...writtenFacts(account), ...differs, ...account.unreadable])];
}

function writtenFacts(account: Account): readonly string[] {
  return MERGED.filter((fact) => !HAVE_A_DEFAULT.some((one) => one === fact)).filter((fact) => {
    const value = account[fact];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
  });
}

/** Who answers for a fact (null = nobody, or nobody who can be believed), and whether a person should look at it. */
interface Answer {
  readonly from: SourceFacts | null;
  readonly doubt: boolean;
}

/**
 * The account as the policy wants it put together.
 *
 * An empty value falls through to the next source; one that stands there and cannot be read does not: the fact is then
 * unknown and in `unreadable`. So is a fact about which two records of one source disagree. Facts are as old as the
 * oldest source that was asked.
 *
 * @param first what the source that defines the accounts says.
 * @param others what the other sources say, in any order; several rows of one source are allowed.
 */
export function mergedAccount(
  first: SourceFacts,
  others: readonly SourceFacts[],
  policy: SourcesPolicy,
): Account {
  const parts = [first, ...others];
  const answers = new Map(MERGED.map((fact) => [fact, answerTo(fact, parts, policy)]));
  const from = <F extends Merged>(fact: F): Pick<Account, Merged>[F] =>
    (answers.get(fact)?.from?.account ?? NOTHING)[fact];
  const doubts = MERGED.filter((fact) => answers.get(fact)?.doubt === true);
  // End and kind of a trial belong to the word that makes it one.
  const { account: onTrial } = answers.get("status")?.from ?? first;
  const more = [
    ...onTrial.unreadable.filter((fact) => fact === "trialEnd" || fact === "poc"),
    ...first.account.unreadable.filter((fact) => fact === "parent"),
  ];
  return {
    ...first.account,
    name: from("name"),
    plan: from("plan"),
    arr: from("arr"),
    contractStart: from("contractStart"),
    contractEnd: from("contractEnd"),
    addons: from("addons"),
    tam: from("tam"),
    status: from("status"),
    renewalInProgress: from("renewalInProgress"),
    standalone: from("standalone"),
    domains: from("domains"),
    ...shownOnly(from("slackChannel"), from("contacts")),
    trial: from("status") === "trial" ? onTrial.trial : null,
    syncedAt: oldest(parts.map((part) => part.account.syncedAt)),
    unreadable: [...new Set([...doubts, ...more])],
  };
}

/** What a fact is when nobody states it; the same as for a record that leaves it empty. */
const NOTHING: Pick<Account, Merged> = {
  name: null,
  plan: null,
  arr: null,
  contractStart: null,
  contractEnd: null,
  addons: [],
  tam: null,
  status: "active",
  renewalInProgress: false,
  standalone: false,
  domains: [],
};

/** Facts that nothing but a panel shows: what nobody states is left out. */
function shownOnly(
  slackChannel: Account["slackChannel"],
  contacts: Account["contacts"],
): Pick<Account, "slackChannel" | "contacts"> {
  return {
    ...(slackChannel === undefined ? {} : { slackChannel }),
    ...(contacts === undefined ? {} : { contacts }),
  };
}

function answerTo(fact: Merged, parts: readonly SourceFacts[], policy: SourcesPolicy): Answer {
  for (const source of policy.order[fact] ?? policy.others) {
    const rows = parts.filter((part) => part.source === source && part.stated.includes(fact));
    const [row, ...more] = rows;
    if (row === undefined) continue;
    const disagree = more.some(
      (one) => JSON.stringify(one.account[fact]) !== JSON.stringify(row.account[fact]),
    );
    return disagree
      ? { from: null, doubt: true }
      : { from: row, doubt: rows.some(({ account }) => account.unreadable.includes(fact)) };
  }
  return { from: null, doubt: false };
}

function oldest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}
