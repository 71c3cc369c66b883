/** `explain TICKET_ID` and `explain --account ID`: why something is as it is, from our own records, in words. */
import { connectorSettings } from "../assemble.ts";
import { coverages, shareWords } from "../check/kept-lines.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import type { Account, Policy } from "../policy/model.ts";
import { basisInWords, inWords } from "../policy/words.ts";
import type { DecisionRecord, Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { policyOf } from "./on-store.ts";
import { colours, complain, EXIT, say, sayJson } from "./terminal.ts";

export interface ExplainOptions {
  readonly account?: string;
  readonly json?: boolean;
}

/** Explains a ticket or an account; exit 1 when nothing is known of it. */
export async function explainCommand(ticketId: string | undefined, options: ExplainOptions): Promise<number> {
  if ((ticketId === undefined) === (options.account === undefined)) {
    complain(
      "Give a ticket id, or --account with an account id.\nfix: For example `explain 4711`, or `explain --account hubspot:123`.",
    );
    return EXIT.usage;
  }
  const config = readConfig(environment(process.env), connectorSettings);
  const store = await openStore(config.databaseUrl, { warn: complain });
  try {
    const policy = await policyOf(store, config);
    return ticketId === undefined
      ? await explainAccount(store, policy, options.account ?? "", options.json === true)
      : await explainTicket(store, policy, ticketId, options.json === true);
  } finally {
    await store.close();
  }
}

async function explainTicket(store: Store, policy: Policy, ticketId: string, json: boolean): Promise<number> {
  const decisions = await store.ledger.decisionsOf(ticketId);
  if (decisions.length === 0) {
    complain(
      `Nothing was decided about ticket ${ticketId}.\nfix: Check the number. Tickets from before the installation, and those another store decided, are not known here.`,
    );
    return EXIT.problems;
  }
  if (json)
    sayJson({
      ticketId,
      decisions: decisions.map((d) => ({ ...d, words: d.decision.reasons.map((r) => inWords(r, policy)) })),
    });
  else {
    for (const record of decisions) for (const line of ticketLines(record, policy)) say(line);
    for (const line of await keptWords(store)) say(colours.dim(line));
  }
  return EXIT.fine;
}

/** How the whole programme does, below the one ticket. */
async function keptWords(store: Store): Promise<readonly string[]> {
  const both = await coverages(store.console.lists, systemClock.now());
  return [
    `All tickets tied to a customer: ${shareWords(both, ({ tied, tickets }) => [tied, tickets])}`,
    `Promises with the right SLA attached: ${shareWords(both, ({ attached, promised }) => [attached, promised])}`,
  ];
}

/** One decision as a person reads it. */
export function ticketLines(record: DecisionRecord, policy: Policy): readonly string[] {
  const { decision, before, change } = record;
  const head = `Ticket ${record.ticketId}, decided ${time(record.decidedAt)} as of ${time(record.asOf)} (policy ${record.policyVersion}, ${record.event})`;
  const why = decision.reasons.map((reason) => `  - ${inWords(reason, policy)} ${colours.dim(reason)}`);
  if (decision.action === "skip")
    return [
      colours.bold(head),
      change === null ? "  Left alone." : `  Change: ${changeInWords(change)}`,
      ...why,
      `  Outcome: ${record.outcome}`,
      "",
    ];
  const tier = policy.tiers.find((t) => t.id === decision.tier)?.name ?? decision.tier;
  const due = decision.due.first_reply;
  return [
    colours.bold(head),
    `  Customer ${decision.accountId ?? "unknown"} has ${tier}: ${basisInWords(decision.basis, policy)}`,
    ...why,
    ...decision.facts.map(
      (f) =>
        `  fact ${f.fact} = ${f.value} (${f.accountId}, ${f.syncedAt === null ? "from our own records" : `confirmed ${time(f.syncedAt)}`})`,
    ),
    `  Before: priority ${before.priority === null ? "none" : `${before.priority} (set by ${before.prioritySetBy})`}, group ${before.group ?? "none"}`,
    `  Change: ${change === null ? "none" : changeInWords(change)}; ${record.outcome}`,
    `  SLA ${decision.slaPolicy ?? "none"}, first reply due ${due.dueAt === null ? "not promised" : time(due.dueAt)}; ${record.verification === null ? "not read back yet" : `${record.verification.code}: ${record.verification.detail}`}`,
    ...(record.verification?.fix === undefined ? [] : [`  fix: ${record.verification.fix}`]),
    "",
  ];
}

/** `priority urgent, group On-call, tags added ps_vip`. */
function changeInWords(change: object): string {
  return Object.entries(change)
    .map(
      ([key, value]) =>
        `${CHANGE_WORDS[key] ?? key} ${Array.isArray(value) ? value.join(" ") : (value ?? "emptied")}`,
    )
    .join(", ");
}

const CHANGE_WORDS: Readonly<Record<string, string>> = {
  tagsAdd: "tags added",
  tagsRemove: "tags removed",
  followersAdd: "followers added",
  followersRemove: "followers removed",
};

async function explainAccount(store: Store, policy: Policy, id: string, json: boolean): Promise<number> {
  const accountId = id.includes(":") ? id : `hubspot:${id}`;
  const stored = await store.accounts.get(accountId);
  if (stored === null) {
    complain(`No account ${accountId} is known.\nfix: Check the id, or run \`priority-support sync\` first.`);
    return EXIT.problems;
  }
  const entitlement = (await store.accounts.entitlements([accountId])).get(accountId) ?? null;
  const history = await store.runs.writesFor(accountId, 50);
  const organization = (await store.organizations.linksOf([accountId])).get(accountId) ?? null;
  if (json) {
    sayJson({ account: stored.account, entitlement, organization, history });
    return EXIT.fine;
  }
  const tier =
    policy.tiers.find((t) => t.id === entitlement?.tier)?.name ?? entitlement?.tier ?? "not worked out yet";
  const where = organization === null ? "no organization" : `organization ${organization}`;
  say(colours.bold(`${stored.account.name ?? accountId} (${accountId}, ${where}): ${tier}`));
  for (const reason of entitlement?.reasons ?? [])
    say(`  - ${inWords(reason, policy)} ${colours.dim(reason)}`);
  for (const [fact, value] of factLines(stored.account)) say(`  ${fact.padEnd(12)} ${value}`);
  for (const line of history.flatMap(writeLines)) say(line);
  return EXIT.fine;
}

/** What the CRM says about an account, fact by fact; what is not stated is left out. */
function factLines(account: Account): readonly (readonly [string, string])[] {
  const { arr, addons, tam, trial, syncedAt } = account;
  const lines: readonly (readonly [string, string | null])[] = [
    ["plan", account.plan],
    ["ARR", arr === null ? null : `${arr.amount} ${arr.currency ?? "(currency unknown)"}`],
    ["status", account.status],
    [
      "contract",
      (account.contractStart ?? account.contractEnd)
        ? `${account.contractStart ?? "…"} to ${account.contractEnd ?? "…"}`
        : null,
    ],
    ["renewal", account.renewalInProgress ? "being negotiated" : null],
    [
      "trial",
      trial === null ? null : `${trial.poc ? "proof of concept" : "trial"} until ${trial.end ?? "no end"}`,
    ],
    [
      "add-ons",
      addons.map((a) => `${a.sku} (${a.scope}, ${a.start ?? "…"} to ${a.end ?? "contract end"})`).join("; "),
    ],
    ["TAM", tam?.agent ?? null],
    ["parent", account.parentId],
    ["domains", account.domains.join(", ")],
    ["gone since", account.goneOn],
    ["unreadable", account.unreadable.join(", ")],
    ["confirmed", syncedAt === null ? "never" : time(syncedAt)],
  ];
  return lines.flatMap(([fact, value]) => (value === null || value === "" ? [] : [[fact, value] as const]));
}

function writeLines(write: Awaited<ReturnType<Store["runs"]["writesFor"]>>[number]): readonly string[] {
  const fields = Object.keys(write.after).map(
    (key) => `    ${key}: ${write.before[key] ?? "–"} → ${write.after[key] ?? "–"}`,
  );
  return [
    `  ${time(write.at)} ${write.target} ${write.targetId} (${write.state}, policy ${write.policyVersion})`,
    ...fields,
  ];
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
