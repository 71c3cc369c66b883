/**
 * Figure: 5,000 tickets at once, one in twenty of the top tier, while Zendesk lets a hundred be written a minute one by
 * one. The naive peer gets the same tickets first, on sandboxes of its own.
 */
import { accountOf } from "../../src/policy/facts.ts";
import { tierOf } from "../../src/policy/tier.ts";
import type { JournalEntry } from "../../src/sandbox/server.ts";
import { synced } from "../flow/process/campaign.ts";
import { type Sent, writesIn } from "../flow/process/judge.ts";
import type { Mixed } from "../flow/process/mixture.ts";
import { type Reckoning, reckon } from "../flow/process/reckoning.ts";
import { type Rig, startRig, until } from "../flow/process/rig.ts";
import type { Source } from "../flow/process/sending.ts";
import { startChild } from "./child.ts";
import { isInstalled, naiveOn, sourceOf } from "./naive-rig.ts";
import { rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";

const TICKETS = 5_000;
const TOP_EVERY = 20;
const PER_MINUTE = 100;
const MOST_MS = 20 * 60_000;
const MINUTE_MS = 60_000;

/** Sends them all in one breath and watches until the last one is settled. */
export async function measureBurst(tickets = TICKETS): Promise<Measured> {
  const naive = isInstalled() ? await runNaive(tickets) : null;
  const ours = await runOurs(tickets);
  return { rows: rowsOf(ours, naive, tickets), details: { ours, naive } };
}

/** What was seen of one side; times from the moment the tickets were there. */
interface Seen {
  readonly topTier: number;
  readonly topWritten: number;
  readonly topDoneMs: number;
  /** Single writes until then. */
  readonly topSingles: number;
  readonly written: number;
  readonly doneMs: number;
  readonly jobs: number;
  readonly calls: number;
  readonly refused: number;
}

async function runOurs(
  tickets: number,
): Promise<Seen & { readonly reckoning: Omit<Reckoning, "wrong"> & { readonly wrong: number } }> {
  const rig = await startRig({ companies: 400, seed: 7 });
  try {
    const source = await synced(rig, rig.ready.seed);
    const before = (await rig.journal()).length;
    const began = Date.now();
    const sent = await flood(rig, source, tickets);
    await until("every ticket to be settled", MOST_MS, async () => {
      const [pending, taken] = [
        await rig.metric("ps_deliveries", '{what="pending"}'),
        Object.values((await rig.state()).invocations).filter((one) => one.statusCode === 200).length,
      ];
      return pending === 0 && taken >= tickets;
    });
    await rig.stop();
    const seen = seenIn((await rig.journal()).slice(before), sent, source, began);
    const found = await reckon(rig, source, sent);
    return { ...seen, reckoning: { ...found, wrong: found.wrong.length } };
  } finally {
    await rig.close();
  }
}

async function runNaive(tickets: number): Promise<Seen & { readonly died: boolean }> {
  const rig = await startRig({ companies: 400, seed: 7 });
  const peer = startChild("./naive.ts");
  try {
    await naiveOn(rig, peer);
    const source = sourceOf(rig);
    const began = Date.now();
    const sent = await flood(rig, source, tickets);
    let died = false;
    await until("the peer to have heard of all", MOST_MS, async () => {
      died = await peer.ask("idle").then(
        () => false,
        () => true,
      );
      const told = Object.values((await rig.state()).invocations);
      return died || (told.length >= tickets && told.every((one) => one.statusCode !== null));
    });
    return { ...seenIn(await rig.journal(), sent, source, began), died };
  } finally {
    await peer.stop();
    await rig.close();
  }
}

/** Plain new tickets, those of the top tier spread evenly among the others. */
async function flood(rig: Rig, source: Source, tickets: number): Promise<readonly Sent[]> {
  const [top, others] = sendersBy(source);
  const mixed = Array.from({ length: tickets }, (_, i): Mixed => {
    const from = i % TOP_EVERY === 0 ? top[(i / TOP_EVERY) % top.length] : others[i % others.length];
    const text = { subject: `Question ${i}`, body: "How do I export my data?" };
    const nobody = { enteredBy: null, priority: null, setBy: "none", group: null, assignee: null } as const;
    return { ...text, ...nobody, from: from ?? "", channel: "web", form: "default", tags: [], fate: "stays" };
  });
  const acts = mixed.map(({ from, channel, subject, body }) => ({
    ticket: { from, channel, subject, comment: { body } },
    agent: null,
    deleted: false,
  }));
  const records = await rig.play(acts);
  return records.flatMap((ticket, i) => mixed.slice(i, i + 1).map((one) => ({ mixed: one, ticket })));
}

/** Addresses of customers of the top tier, and of the others. */
function sendersBy({ data, policy }: Source): readonly [readonly string[], readonly string[]] {
  const mapping = policy.crm.hubspot;
  if (mapping === undefined) throw new Error("the policy maps no CRM");
  const accounts = new Map(
    data.companies.map(({ id, properties }) => {
      const record = { id, name: properties.name, values: properties };
      const { account } = accountOf(record, mapping, { idPrefix: "hubspot:", syncedAt: Date.now() });
      return [account.id, account];
    }),
  );
  const at = { asOf: Date.now(), now: Date.now() };
  const ofCompany = new Map(
    [...accounts.keys()].map((id) => [
      id,
      tierOf(id, accounts, null, policy.overrides.items, policy, at).tier,
    ]),
  );
  const ofOrganization = new Map(
    data.organizations.flatMap(({ key, companyId, externalId }) =>
      companyId === null || externalId === null ? [] : [[key, ofCompany.get(`hubspot:${companyId}`)]],
    ),
  );
  const topTier = policy.tiers.at(-1)?.id;
  const known = data.users.filter((user) => user.verified && !user.vip && user.organization !== null);
  const isTop = (key: string | null): boolean => ofOrganization.get(key ?? "") === topTier;
  const named = (top: boolean): readonly string[] =>
    known
      .filter(({ organization }) => ofOrganization.has(organization ?? "") && isTop(organization) === top)
      .map((user) => user.email);
  return [named(true), named(false)];
}

function seenIn(
  journal: readonly JournalEntry[],
  sent: readonly Sent[],
  source: Source,
  began: number,
): Seen {
  const top = new Set(sendersBy(source)[0]);
  const writes = writesIn(journal);
  const writtenAt = (one: Sent): number | null => writes.get(one.ticket.id)?.applied[0]?.at ?? null;
  const topTimes = sent.filter(({ mixed }) => top.has(mixed.from)).map(writtenAt);
  const allTimes = sent.map(writtenAt).filter((at) => at !== null);
  const topDone = Math.max(...topTimes.map((at) => at ?? Number.NaN));
  const calls = journal.filter((entry) => entry.method !== "UI");
  const singles = calls.filter(
    ({ method, path, status }) => method === "PUT" && status === 200 && /\/tickets\/\d+$/.test(path),
  );
  return {
    topTier: topTimes.length,
    topWritten: topTimes.filter((at) => at !== null).length,
    topDoneMs: topDone - began,
    topSingles: singles.filter(({ at }) => at <= topDone).length,
    written: allTimes.length,
    doneMs: Math.max(...allTimes) - began,
    jobs: calls.filter(({ path }) => path === "/api/v2/tickets/update_many").length,
    calls: calls.length,
    refused: calls.filter(({ status }) => status === 429).length,
  };
}

function rowsOf(
  ours: Awaited<ReturnType<typeof runOurs>>,
  naive: Awaited<ReturnType<typeof runNaive>> | null,
  tickets: number,
): Row[] {
  const figure = `${tickets} tickets at once`;
  const { reckoning } = ours;
  const beside = (text: (seen: Seen) => string): string =>
    naive === null ? "naive peer NOT RUN (fix: npm ci --prefix test/bench)" : `naive peer ${text(naive)}`;
  const minutes = (ms: number): number => ms / MINUTE_MS;
  const share = ({ refused, calls }: Seen): number => refused / calls;
  const lost = reckoning.unaccounted.length + reckoning.undecided.length;
  return [
    row({
      figure,
      kind: "time",
      what: `the ${ours.topTier} of the top tier are written`,
      value: minutes(ours.topDoneMs),
      unit: "min",
      bound: { most: 2.6 },
      beside: beside((seen) => `writes ${seen.topWritten} of them ever`),
      note: `${ours.jobs} jobs for the rest; the last of all after ${rounded(minutes(ours.doneMs))} min`,
    }),
    row({
      figure,
      kind: "time",
      what: "single writes until then ÷ allowed in that time",
      value: ours.topSingles / (PER_MINUTE * minutes(ours.topDoneMs)),
      unit: "",
      bound: { least: 0.95 },
      note: `${ours.topSingles} at ${PER_MINUTE} a minute`,
    }),
    row({
      figure,
      kind: "count",
      what: "calls refused with 429 ÷ all calls",
      value: share(ours),
      unit: "",
      bound: { most: 0.01 },
      beside: beside((seen) => `${rounded(share(seen))} of ${seen.calls}`),
      note: `${ours.refused} of ${ours.calls}`,
    }),
    row({
      figure,
      kind: "count",
      what: "lost, doubled, or not as the rules say",
      value: lost + reckoning.doubled.length + reckoning.wrong,
      unit: "",
      bound: { most: 0 },
      beside: beside(
        (seen) =>
          `writes ${seen.written} of ${tickets}${naive?.died === true ? ", then its process ends at a 429" : ""}`,
      ),
      note: `${reckoning.acknowledged} deliveries acknowledged, ${reckoning.toWrite} tickets to write`,
    }),
  ];
}
