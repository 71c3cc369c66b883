/** Everything the store holds about one customer: counted, or removed in one write. */
import type { Customer, Forgetting, StoredCounts } from "../ports.ts";
import { type Database, json, type Row, type Statement, type Value } from "./database.ts";
import { number, object, text } from "./rows.ts";
import { waitlistsDue } from "./waitlists.ts";

/** Decisions looked at in one go. */
const PAGE = 1000;

/** Tickets of the customer in reports: gone too, though totals of the past then say a little less. */
const REPORTED = "account_id = ? or organization_id = ?";

/** Rows that go: their name in the answer, their table, and which of them. */
interface Part {
  readonly name: string;
  readonly table: string;
  readonly where: string;
  readonly params: readonly Value[];
}

/** The part of the store that forgets a customer. */
export function forgetting(db: Database): Forgetting {
  return {
    count: async (customer) => {
      const { parts, emptied } = await partsOf(db, customer);
      const counts: [string, number][] = [];
      for (const { name, table, where, params } of [...parts, emptied]) {
        const [row = {}] = await db.read(`select count(*) as found from ${table} where ${where}`, params);
        counts.push([name, number(row, "found")]);
      }
      return summed(counts);
    },
    forget: async (customer) => {
      const { parts, emptied } = await partsOf(db, customer);
      const statements: Statement[] = [
        {
          sql: `update deliveries set body = null, hint = case when state = 'done' then null else hint end
            where ${emptied.where} returning id`,
          params: emptied.params,
        },
        ...parts.map(({ table, where, params }) => ({
          sql: `delete from ${table} where ${where} returning 1 as gone`,
          params,
        })),
        // Somebody else may have the place.
        waitlistsDue(),
      ];
      const written = await db.write(statements);
      const gone = written === "lost" ? [] : written;
      return summed([emptied, ...parts].map(({ name }, i) => [name, gone[i]?.length ?? 0]));
    },
  };
}

/** Tables that name the account and nothing else. */
const OF_ACCOUNT: readonly (readonly [name: string, table: string])[] = [
  ["entitlements", "entitlements"],
  ["held tiers", "held"],
  ["places on waiting lists", "waitlist_standings"],
  ["overrides", "overrides"],
  ["report history", "account_moments"],
  ["facts set aside", "held_facts"],
  ["demotions counted", "passed_demotions"],
  ["facts by source", "source_facts"],
  ["changes on hold", "holds"],
  ["messages to people", "notices"],
  ["review items", "reviews"],
  ["domains", "account_domains"],
  ["marks for the next sync", "pending_accounts"],
];

async function partsOf(
  db: Database,
  customer: Customer,
): Promise<{ readonly parts: readonly Part[]; readonly emptied: Part }> {
  const { organizationId, accountId } = customer;
  const [tickets, decisions] = await decided(db, customer);
  const organization = [organizationId];
  const account = [accountId];
  const parts = [
    part("decisions", "decisions", "id in {list}", [json(decisions)]),
    part("sync writes", "sync_writes", "account_id = ? or (target = 'organization' and target_id = ?)", [
      accountId,
      organizationId,
    ]),
    ...reportParts(customer, tickets),
    ...OF_ACCOUNT.map(([name, table]) => part(name, table, "account_id = ?", account)),
    part(
      "merged ids",
      "account_aliases",
      `exists (select 1 from accounts a where a.id = ? and a.source = account_aliases.source
        and a.source_id in (account_aliases.new_id, account_aliases.old_id))`,
      account,
    ),
    part("accounts", "accounts", "id = ?", account),
    part("links", "links", "account_id = ? or organization_id = ?", [accountId, organizationId]),
    part("organization look-ups", "organization_index", "organization_id = ?", organization),
    part("organizations", "organizations", "id = ?", organization),
  ];
  const named = `%"organizationId":${likeText(organizationId)}%`;
  const emptied = part(
    "deliveries emptied",
    "deliveries",
    "(body is not null or hint is not null) and (subject_id in {list} or hint like ? escape '~')",
    [json(tickets), named],
  );
  return { parts, emptied };
}

function part(name: string, table: string, where: string, params: readonly Value[]): Part {
  return { name, table, where, params };
}

/** What reports keep; the tickets last, for the others are found by them. */
function reportParts({ organizationId, accountId }: Customer, tickets: readonly string[]): readonly Part[] {
  const reported = [accountId, organizationId];
  const ofTickets = `ticket_id in (select ticket_id from ticket_facts where ${REPORTED})`;
  return [
    part("reports by agents", "tier_reports", "account_id = ? or ticket_id in {list}", [
      accountId,
      json(tickets),
    ]),
    part("report targets", "target_facts", ofTickets, reported),
    part("report events", "metric_events", ofTickets, reported),
    part("report tickets", "ticket_facts", REPORTED, reported),
  ];
}

/** Tickets of the customer and the decisions about them: the database narrows down, the record decides. */
async function decided(
  db: Database,
  { organizationId, accountId }: Customer,
): Promise<readonly [readonly string[], readonly string[]]> {
  const tickets = new Set<string>();
  const decisions: string[] = [];
  const like = [
    `%"organizationId":${likeText(organizationId)}%`,
    accountId === null ? null : `%"accountId":${likeText(accountId)}%`,
  ];
  let after = 0;
  for (;;) {
    const rows: readonly Row[] = await db.read(
      `select seq, id, ticket_id, record from decisions
        where seq > ? and (record like ? escape '~' or record like ? escape '~') order by seq limit ${PAGE}`,
      [after, ...like],
    );
    for (const row of rows) {
      const record = object<{ accountId: string | null; before: { organizationId: string | null } }>(
        row,
        "record",
      );
      const ours = accountId !== null && record.accountId === accountId;
      if (!ours && record.before.organizationId !== organizationId) continue;
      tickets.add(text(row, "ticket_id"));
      decisions.push(text(row, "id"));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return [[...tickets], decisions];
    after = number(last, "seq");
  }
}

/** A value as it stands in our JSON, for `like` with the escape `~`. */
function likeText(value: string): string {
  return JSON.stringify(value).replaceAll(/[~%_]/g, "~$&");
}

function summed(counts: readonly (readonly [string, number])[]): StoredCounts {
  return Object.fromEntries(counts);
}
