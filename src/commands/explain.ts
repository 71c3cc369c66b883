/** `explain TICKET_ID` and `explain --account ID`: why something is as it is, from our own records, in words. */
import { connectorSettings } from "../assemble.ts";
import { environment, readConfig } from "../config.ts";
import type { Policy } from "../policy/model.ts";
import { basisInWords, inWords } from "../policy/words.ts";
import { loadPolicy } from "../policy-in-force.ts";
import type { DecisionRecord, Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
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
  const { policy } = loadPolicy(config.policyFile);
  const store = await openStore(config.databaseUrl, { warn: complain });
  try {
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
      `Nothing was decided about ticket ${ticketId}.\nfix: Check the number; a ticket from before the installation needs \`backfill\`.`,
    );
    return EXIT.problems;
  }
  if (json)
    sayJson({
      ticketId,
      decisions: decisions.map((d) => ({ ...d, words: d.decision.reasons.map((r) => inWords(r, policy)) })),
    });
  else for (const record of decisions) for (const line of ticketLines(record, policy)) say(line);
  return EXIT.fine;
}

/** One decision as a person reads it. */
export function ticketLines(record: DecisionRecord, policy: Policy): readonly string[] {
  const { decision, before, change } = record;
  const head = `Ticket ${record.ticketId}, decided ${time(record.decidedAt)} as of ${time(record.asOf)} (policy ${record.policyVersion}, ${record.event})`;
  const why = decision.reasons.map((reason) => `  - ${inWords(reason, policy)} ${colours.dim(reason)}`);
  if (decision.action === "skip")
    return [colours.bold(head), "  Left alone.", ...why, `  Outcome: ${record.outcome}`, ""];
  const tier = policy.tiers.find((t) => t.id === decision.tier)?.name ?? decision.tier;
  const due = decision.due.first_reply;
  return [
    colours.bold(head),
    `  Customer ${decision.accountId ?? "unknown"} has ${tier}: ${basisInWords(decision.basis, policy)}`,
    ...why,
    ...decision.facts.map(
      (f) =>
        `  fact ${f.fact} = ${f.value} (${f.accountId}, ${f.syncedAt === null ? "never confirmed" : `confirmed ${time(f.syncedAt)}`})`,
    ),
    `  Before: priority ${before.priority ?? "none"} (${before.prioritySetBy}), group ${before.group ?? "none"}`,
    `  Written: ${change === null ? "nothing" : JSON.stringify(change)}; ${record.outcome}`,
    `  SLA ${decision.slaPolicy ?? "none"}, first reply due ${due.dueAt === null ? "not promised" : time(due.dueAt)}; ${record.verification === null ? "not read back yet" : `${record.verification.code}: ${record.verification.detail}`}`,
    "",
  ];
}

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
  if (json) sayJson({ account: stored.account, entitlement, organization, history });
  else {
    const tier =
      policy.tiers.find((t) => t.id === entitlement?.tier)?.name ?? entitlement?.tier ?? "not worked out yet";
    say(
      colours.bold(
        `${stored.account.name ?? accountId} (${accountId}), organization ${organization ?? "none"}: ${tier}`,
      ),
    );
    for (const reason of entitlement?.reasons ?? [])
      say(`  - ${inWords(reason, policy)} ${colours.dim(reason)}`);
    for (const [fact, value] of Object.entries(stored.account))
      if (value !== null && value !== "" && fact !== "id") say(`  ${fact}: ${JSON.stringify(value)}`);
    for (const w of history)
      say(
        `  ${time(w.at)} ${w.target} ${w.targetId}: ${JSON.stringify(w.before)} → ${JSON.stringify(w.after)} (${w.state}, policy ${w.policyVersion})`,
      );
  }
  return EXIT.fine;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
