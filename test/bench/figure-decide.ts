/** Figure: what one decision costs, beside reading the same case as JSON. */
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { decide } from "../../src/policy/decide.ts";
import { accountOf } from "../../src/policy/facts.ts";
import type { Account, Policy, Situation } from "../../src/policy/model.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import { type Dataset, dataset, demoTickets } from "../../src/sandbox/dataset.ts";
import { median, percentile, range, rounded } from "./numbers.ts";
import { type Measured, row } from "./report.ts";

const ROUNDS = 9;
const EACH = 4_000;

/** Decides situations of every kind over and over, warm. */
export function measureDecide(): Measured {
  const asOf = Date.UTC(2026, 5, 9, 14);
  const policy = policyOfDemo();
  const situations = situationsOf(policy, asOf);
  const texts = situations.map(textOf);
  const rounds = Array.from({ length: ROUNDS + 2 }, () => ({
    decide: microseconds(situations, (one) => decide(one, policy, asOf)),
    parse: microseconds(texts, (text) => JSON.parse(text)),
  })).slice(2);
  const [ours, base] = [rounds.map((r) => r.decide), rounds.map((r) => r.parse)];
  const single = singles(situations, (one) => decide(one, policy, asOf));
  const figure = "decide()";
  const p99 = percentile(single, 0.99);
  return {
    rows: [
      row({
        figure,
        what: `one decision, ${situations.length} kinds of situation, warm`,
        value: median(ours),
        unit: "µs",
        bound: { most: 50 },
        kind: "time",
        beside: `JSON.parse of the same case ${rounded(median(base))} µs (÷ ${rounded(median(ours) / median(base))})`,
        note: `rounds ${range(ours)} µs, p99 ${rounded(p99)} µs`,
      }),
    ],
    details: {
      decideMicroseconds: ours,
      parseMicroseconds: base,
      p99,
      bytesOfACase: median(texts.map((t) => t.length)),
    },
  };
}

/** The policy of the demo, read as the service reads it. */
export function policyOfDemo(): Policy {
  const { policy } = readPolicyText(demoPolicyText());
  if (policy === null) throw new Error("the demo's policy has errors");
  return policy;
}

/** Every scene of the demo's script for every customer around it: add-ons, families, keywords, agents, strangers. */
function situationsOf(policy: Policy, asOf: number): readonly Situation[] {
  const data = dataset({ seed: 7, asOf, companies: 200 });
  const accounts = accountsOf(data, policy, asOf);
  const family = familiesIn(accounts);
  const companyOf = new Map(data.organizations.map((o) => [o.key, o.companyId]));
  return demoTickets(data).flatMap((scene) =>
    data.organizations.slice(0, 40).map((organization): Situation => {
      const company = companyOf.get(organization.key) ?? null;
      const own = company === null ? null : `hubspot:${company}`;
      const sender = data.users.find((user) => user.organization === organization.key);
      return {
        ticket: {
          id: "1",
          createdAt: asOf - 1_000,
          status: "new",
          subject: scene.subject,
          description: scene.body,
          priority: scene.priority,
          prioritySetBy: scene.prioritySetBy,
          impact: null,
          group: scene.group,
          assignee: scene.assignee,
          form: scene.form,
          channel: scene.channel,
          tags: scene.tags,
          organizationId: organization.key,
          requester: { email: sender?.email ?? null, role: "end-user", vip: sender?.vip === true },
        },
        event: "created",
        orgLinks: new Map(own === null ? [] : [[organization.key, own]]),
        accounts: new Map((own === null ? [] : (family(own) ?? [])).map((one) => [one.id, one])),
        held: new Map(),
        overrides: policy.overrides.items,
        availability: new Map(),
        prior: null,
      };
    }),
  );
}

function accountsOf(data: Dataset, policy: Policy, asOf: number): readonly Account[] {
  const mapping = policy.crm.hubspot;
  if (mapping === undefined) throw new Error("the demo's policy maps no CRM");
  return data.companies.map(
    ({ id, properties }) =>
      accountOf({ id, name: properties.name, values: properties }, mapping, {
        idPrefix: "hubspot:",
        syncedAt: asOf,
      }).account,
  );
}

/** An account with its ancestors and everybody below them, as the store would answer. */
function familiesIn(accounts: readonly Account[]): (id: string) => readonly Account[] {
  const byId = new Map(accounts.map((one) => [one.id, one]));
  const rootOf = (id: string, left = 12): string => {
    const parent = byId.get(id)?.parentId ?? null;
    return parent === null || left === 0 || !byId.has(parent) ? id : rootOf(parent, left - 1);
  };
  return (id) => accounts.filter((one) => rootOf(one.id) === rootOf(id));
}

function textOf({ ticket, orgLinks, accounts }: Situation): string {
  return JSON.stringify({
    ticket,
    orgLinks: Object.fromEntries(orgLinks),
    accounts: Object.fromEntries(accounts),
  });
}

/** Mean time of one call, µs. */
function microseconds<T>(cases: readonly T[], work: (one: T) => unknown): number {
  const began = performance.now();
  for (let i = 0; i < EACH; i += 1) work(cases[i % cases.length] as T);
  return ((performance.now() - began) * 1000) / EACH;
}

/** Time of each of many calls, µs. */
function singles<T>(cases: readonly T[], work: (one: T) => unknown): readonly number[] {
  return Array.from({ length: EACH }, (_, i) => {
    const began = performance.now();
    work(cases[i % cases.length] as T);
    return (performance.now() - began) * 1000;
  });
}
