import { deepStrictEqual, ok } from "node:assert/strict";
import { describe, test } from "@jest/globals";
import fc from "fast-check";
import { changeOf } from "../../src/policy/change.ts";
import { decide } from "../../src/policy/decide.ts";
import type {
  Account,
  ApplyDecision,
  HeldState,
  Override,
  Policy,
  Situation,
  Ticket,
  TierId,
} from "../../src/policy/model.ts";
import { pressing } from "../../src/policy/priority.ts";
import { promiseOf } from "../../src/policy/promise.ts";
import {
  account,
  afterWriting,
  byId,
  package2026,
  policy,
  requester,
  situation,
  TUESDAY,
  ticket,
} from "../builders.ts";

const SEED = 4_711;
const RUNS = { seed: SEED, numRuns: 300 };
const DAY = 86_400_000;
const rules = policy();

const rank = (tier: TierId): number => rules.tiers.find((one) => one.id === tier)?.rank ?? -1;
const tierIds = rules.tiers.map((tier) => tier.id);

const date = fc.option(
  fc.integer({ min: -60, max: 60 }).map((days) => new Date(TUESDAY + days * DAY).toISOString().slice(0, 10)),
);
const arr = fc.option(
  fc.record({
    amount: fc.integer({ min: -100, max: 20_000_000 }).map((cents) => (cents / 100).toFixed(2)),
    currency: fc.constantFrom("USD", "EUR", "JPY", "XAU"),
  }),
);
const addon = fc
  .record({
    start: date,
    end: date,
    scope: fc.constantFrom("account" as const, "family" as const),
    sku: fc.constantFrom("ENT-SUPPORT", "GOLD"),
  })
  .map(package2026);

const anyAccount = (id: string): fc.Arbitrary<Account> =>
  fc
    .record({
      plan: fc.constantFrom(null, "Pro", "Enterprise", "Free", "Gold", "Pro;Gold"),
      arr,
      status: fc.constantFrom("active", "active", "trial", "on_hold", "past_due", "cancelled"),
      contractStart: date,
      contractEnd: date,
      renewalInProgress: fc.boolean(),
      addons: fc.array(addon, { maxLength: 3 }),
      parentId: fc.constantFrom(null, "acme", "hq", "sister"),
      standalone: fc.boolean(),
      trial: fc.option(fc.record({ poc: fc.boolean(), end: date })),
      tam: fc.option(fc.record({ agent: fc.constantFrom("rivera", "chen"), active: fc.boolean() })),
      syncedAt: fc.option(fc.integer({ min: 0, max: 40 }).map((days) => TUESDAY - days * DAY)),
      domains: fc.subarray(["acme.example", "mail.acme.example", "gmail.com"]),
    })
    .map((changes) => account({ ...changes, id, status: changes.status as Account["status"] }));

const anyOverride: fc.Arbitrary<Override> = fc.record({
  id: fc.uuid(),
  accountId: fc.constantFrom("acme", "acme", "hq"),
  kind: fc.constantFrom("pin" as const, "floor" as const, "cap" as const),
  tier: fc.constantFrom(...tierIds),
  reason: fc.constant("because"),
  approvedBy: fc.constant("vp"),
  createdAt: fc.integer({ min: -3, max: 1 }).map((days) => TUESDAY + days * DAY),
  startsAt: fc.constant(null),
  expiresAt: fc.option(fc.integer({ min: -1, max: 3 }).map((days) => TUESDAY + days * DAY)),
});

const anyHeld: fc.Arbitrary<HeldState> = fc.record({
  tier: fc.constantFrom(...tierIds),
  basis: fc.constantFrom(
    "plan" as const,
    "arr" as const,
    "addon" as const,
    "parent" as const,
    "trial" as const,
  ),
  lowerSince: fc.option(fc.integer({ min: 0, max: 9 }).map((days) => TUESDAY - days * DAY)),
  waitlisted: fc.subarray(["enterprise"]),
});

const anyTicket: fc.Arbitrary<Ticket> = fc
  .record({
    priority: fc.constantFrom(null, "low" as const, "normal" as const, "high" as const, "urgent" as const),
    prioritySetBy: fc.constantFrom(
      "none" as const,
      "requester" as const,
      "agent" as const,
      "automation" as const,
    ),
    subject: fc.constantFrom("Hello", "Outage!", "no outage", "degraded, maybe"),
    description: fc.string({ maxLength: 40 }),
    impact: fc.constantFrom(null, "sev1", "SEV4", "other"),
    group: fc.constantFrom(null, "Support", "Billing", "Enterprise Support"),
    assignee: fc.constantFrom(null, null, "7"),
    tags: fc.subarray(["ps_tier_pro", "ps_grace", "ps_native", "ps_mine", "vip", "customer", "ps_attention"]),
    organizationId: fc.constantFrom("org-acme", null),
    vip: fc.boolean(),
    verified: fc.boolean(),
  })
  .map(({ vip, verified, prioritySetBy, ...changes }) =>
    ticket({
      ...changes,
      // The desk names nobody as the setter of a blank priority.
      prioritySetBy: changes.priority === null ? "none" : prioritySetBy,
      requester: requester({ vip, verified }),
    }),
  );

const staff = fc.record({
  online: fc.option(fc.integer({ min: 0, max: 2 })),
  unassigned: fc.option(fc.integer({ min: 0, max: 30 })),
});

const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    accounts: fc.tuple(anyAccount("acme"), anyAccount("hq"), anyAccount("sister")),
    held: fc.option(anyHeld),
    overrides: fc.array(anyOverride, { maxLength: 4 }),
    ticket: anyTicket,
    premier: staff,
    enterprise: staff,
  })
  .map(({ premier, enterprise, ...changes }) =>
    situation({
      ...changes,
      availability: new Map([
        ["Premier Support", premier],
        ["Enterprise Support", enterprise],
      ]),
    }),
  );

const later = fc.integer({ min: 0, max: 5 * 24 }).map((hours) => TUESDAY + hours * 3_600_000);

function decided(given: Situation, now = TUESDAY, under: Policy = rules): ApplyDecision {
  const decision = decide(given, under, now);
  ok(decision.action === "apply", "the ticket should be ours to decide");
  return decision;
}

const asSets = (decision: ApplyDecision): unknown => ({
  ...decision,
  reasons: decision.reasons.toSorted(),
  tagsAdd: decision.tagsAdd.toSorted(),
  tagsRemove: decision.tagsRemove.toSorted(),
  facts: decision.facts.map((fact) => JSON.stringify(fact)).toSorted(),
});

/** Every failure prints the seed, with which fast-check finds the same example again. */
describe(`whatever the situation (seed ${SEED})`, () => {
  test("a priority stands above the ceiling only where a person or automation set it", () => {
    const check = fc.property(anySituation, later, (given, now) => {
      const decision = decided(given, now);
      const ceiling = rules.tiers.find((tier) => tier.id === decision.tier)?.priority.ceiling ?? "low";
      const above = decision.priority !== null && pressing(decision.priority) > pressing(ceiling);
      ok(
        !above || ["agent", "automation"].includes(given.ticket.prioritySetBy),
        `${decision.priority} > ${ceiling}`,
      );
      if (above) deepStrictEqual(decision.priority, given.ticket.priority);
    });
    fc.assert(check, RUNS);
  });

  test("more revenue never gives a lower tier", () => {
    const amount = fc.integer({ min: 0, max: 200_000 });
    const check = fc.property(anySituation, amount, amount, (given, one, other) => {
      const tierWith = (amountUsd: number): number => {
        const rich = account({
          ...given.accounts.get("acme"),
          arr: { amount: String(amountUsd), currency: "USD" },
        });
        return rank(decided({ ...given, accounts: new Map([...given.accounts, ["acme", rich]]) }).tier);
      };
      ok(tierWith(Math.max(one, other)) >= tierWith(Math.min(one, other)));
    });
    fc.assert(check, RUNS);
  });

  test.each(["created", "backfill", "organization_changed", "tier_raised"] as const)(
    "deciding again after writing changes nothing (%s)",
    (event) => {
      const check = fc.property(anySituation, later, (given, now) => {
        const first = decided(given, now);
        const written = afterWriting(given.ticket, first);
        const second = decided({ ...given, ticket: written, event, prior: promiseOf(first) }, now);
        deepStrictEqual(changeOf(written, second), null);
        const third = decided({ ...given, ticket: written, event, prior: promiseOf(second) }, now);
        deepStrictEqual(changeOf(written, third), null);
      });
      fc.assert(check, RUNS);
    },
  );

  test("only managed tags are named, and none both added and removed", () => {
    const managed =
      /^ps_(tier_.*|review|unmatched|grace|stale|suspended|override|capped|vip|after_hours|attention)$/;
    const check = fc.property(anySituation, later, (given, now) => {
      const { tagsAdd, tagsRemove } = decided(given, now);
      for (const tag of [...tagsAdd, ...tagsRemove]) ok(managed.test(tag), tag);
      for (const tag of tagsRemove) ok(!tagsAdd.includes(tag) && given.ticket.tags.includes(tag), tag);
      deepStrictEqual(new Set(tagsAdd).size, tagsAdd.length);
    });
    fc.assert(check, RUNS);
  });

  test("nothing is due before the ticket was created", () => {
    const created = fc.integer({ min: 0, max: 366 * 24 * 60 }).map((minutes) => TUESDAY + minutes * 60_000);
    const check = fc.property(anySituation, created, (given, createdAt) => {
      const { due } = decided({ ...given, ticket: { ...given.ticket, createdAt } }, createdAt);
      for (const { dueAt, minutes } of Object.values(due)) {
        ok(dueAt === null || dueAt >= createdAt + (minutes ?? 0) * 60_000, `${dueAt} < ${createdAt}`);
      }
    });
    fc.assert(check, RUNS);
  });

  test("the order of accounts, exceptions and packages does not matter", () => {
    const check = fc.property(anySituation, (given) => {
      const reversed: Situation = {
        ...given,
        accounts: byId(
          [...given.accounts.values()]
            .reverse()
            .map((one) => ({ ...one, addons: one.addons.toReversed(), domains: one.domains.toReversed() })),
        ),
        overrides: given.overrides.toReversed(),
      };
      deepStrictEqual(asSets(decided(reversed)), asSets(decided(given)));
    });
    fc.assert(check, RUNS);
  });

  test("no reason is given twice, and every decision has a tier, a basis and a clock of its SLA policy", () => {
    const check = fc.property(anySituation, later, (given, now) => {
      const { reasons, tier, slaPolicy, due, priority } = decided(given, now);
      deepStrictEqual(new Set(reasons).size, reasons.length);
      ok(tierIds.includes(tier));
      const target = rules.slaPolicies[slaPolicy ?? ""]?.first_reply[priority ?? "low"];
      deepStrictEqual(due.first_reply.minutes, target?.minutes);
    });
    fc.assert(check, RUNS);
  });

  test("a decision changes nothing it was given", () => {
    const check = fc.property(anySituation, (given) => {
      const before = fc.stringify(given);
      decided(given);
      deepStrictEqual(fc.stringify(given), before);
    });
    fc.assert(check, RUNS);
  });
});
