import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/policy/decide.ts";
import type { Ticket } from "../../src/policy/model.ts";
import { account, applied, policy, requester, situation, TUESDAY, ticket } from "../builders.ts";

const rules = policy();

describe("a ticket is left alone", () => {
  const rows: readonly [string, Partial<Ticket>, string][] = [
    ["when it is closed", { status: "closed" }, "excluded_closed"],
    ["when someone tagged it to be skipped", { tags: ["ps_skip"] }, "excluded_tag"],
    [
      "when an agent is its requester",
      { requester: requester({ role: "agent" }) },
      "excluded_internal_requester",
    ],
    [
      "when an admin is its requester",
      { requester: requester({ role: "admin" }) },
      "excluded_internal_requester",
    ],
    [
      "when a colleague wrote",
      { requester: requester({ email: "Bo@Northwind.EXAMPLE" }) },
      "excluded_internal_requester",
    ],
    [
      "when a colleague of a branch office wrote",
      { requester: requester({ email: "bo@eu.northwind.example" }) },
      "excluded_internal_requester",
    ],
    ["when it came by an internal channel", { channel: "side_conversation" }, "excluded_channel"],
    [
      "for the first cause alone, when several apply",
      { status: "closed", tags: ["ps_skip"], channel: "side_conversation" },
      "excluded_closed",
    ],
    [
      "for its tag before its requester",
      { tags: ["ps_skip"], requester: requester({ role: "agent" }) },
      "excluded_tag",
    ],
  ];
  test.each(rows)("%s", (_sentence, changes, reason) => {
    const decision = decide(situation({ ticket: ticket(changes) }), rules, TUESDAY);
    expect(decision).toEqual({ action: "skip", reasons: [reason] });
  });

  test("when what happened to it does not decide anything", () => {
    const decision = decide(
      situation({ event: "other", ticket: ticket({ status: "closed" }) }),
      rules,
      TUESDAY,
    );
    expect(decision).toEqual({ action: "skip", reasons: ["not_deciding"] });
  });

  test.each([
    ["a solved ticket", { status: "solved" }],
    [
      "a requester whose domain only ends like ours",
      { requester: requester({ email: "x@notnorthwind.example" }) },
    ],
    ["a requester without an address", { requester: requester({ email: null }) }],
  ])("but not %s", (_sentence, changes) => {
    expect(decide(situation({ ticket: ticket(changes) }), rules, TUESDAY).action).toBe("apply");
  });
});

describe("a ticket finds its account", () => {
  const acme = account({ id: "acme", plan: "Pro", domains: ["acme.example"] });
  const acmeLabs = account({ id: "labs", plan: "Enterprise", domains: ["labs.acme.example"] });
  const twin = account({ id: "twin", plan: "Enterprise", domains: ["acme.example"] });
  const freeMail = account({ id: "free", plan: "Enterprise", domains: ["gmail.com", "shop.gmail.com"] });

  const from = (email: string | null, verified?: boolean): Partial<Ticket> => ({
    organizationId: null,
    requester: requester({ email, ...(verified === undefined ? {} : { verified }) }),
  });

  test.each([
    ["by its organization", [acme], {}, "acme", "account_matched_by_org"],
    [
      "by its organization even when the address says otherwise",
      [acme, acmeLabs],
      { requester: requester({ email: "x@labs.acme.example" }) },
      "acme",
      "account_matched_by_org",
    ],
    [
      "by its organization even when the sender is not proven",
      [acme],
      { requester: requester({ verified: false }) },
      "acme",
      "account_matched_by_org",
    ],
    ["by the requester's domain", [acme], from("kim@acme.example"), "acme", "account_matched_by_domain"],
    [
      "by the requester's domain in any case",
      [acme],
      from("Kim@ACME.example"),
      "acme",
      "account_matched_by_domain",
    ],
    [
      "by a domain above the requester's",
      [acme],
      from("kim@mail.eu.acme.example"),
      "acme",
      "account_matched_by_domain",
    ],
    [
      "by the longest listed domain",
      [acme, acmeLabs],
      from("kim@a.labs.acme.example"),
      "labs",
      "account_matched_by_domain",
    ],
    [
      "by the longest domain although others share the shorter one",
      [acme, twin, acmeLabs],
      from("kim@labs.acme.example"),
      "labs",
      "account_matched_by_domain",
    ],
    [
      "by domain where the organization is not linked",
      [acme],
      { ...from("kim@acme.example"), organizationId: "unknown" },
      "acme",
      "account_matched_by_domain",
    ],
    [
      "by domain where the sender is proven",
      [acme],
      from("kim@acme.example", true),
      "acme",
      "account_matched_by_domain",
    ],
    [
      "by a listed domain below a public one",
      [freeMail],
      from("kim@shop.gmail.com"),
      "free",
      "account_matched_by_domain",
    ],
  ])("%s", (_sentence, accounts, changes, owner, reason) => {
    const decision = applied(situation({ accounts, ticket: ticket(changes) }), rules);
    expect(decision.accountId).toBe(owner);
    expect(decision.reasons[0]).toBe(reason);
  });

  test.each([
    ["the domain is nobody's", [acme], from("kim@other.example"), [], []],
    ["the domain only ends like a listed one", [acme], from("kim@notacme.example"), [], []],
    ["there is no address", [acme], from(null), [], []],
    [
      "the address is a public one, even if an account lists it",
      [freeMail],
      from("kim@gmail.com"),
      ["domain_is_public"],
      [],
    ],
    ["only a public domain above the address is listed", [freeMail], from("kim@mail.gmail.com"), [], []],
    [
      "two accounts list the domain",
      [acme, twin],
      from("kim@acme.example"),
      ["domain_ambiguous"],
      ["ps_review"],
    ],
    [
      "the sender is not proven",
      [acme],
      from("kim@acme.example", false),
      ["requester_unverified"],
      ["ps_review"],
    ],
    [
      "two accounts list the domain of an unproven sender",
      [acme, twin],
      from("kim@acme.example", false),
      ["domain_ambiguous"],
      ["ps_review"],
    ],
  ])("unless %s", (_sentence, accounts, changes, causes, flags) => {
    const decision = applied(situation({ accounts, ticket: ticket(changes) }), rules);
    expect(decision.accountId).toBeNull();
    expect(decision.ledger).toBeNull();
    expect([decision.tier, decision.basis]).toEqual(["standard", "default"]);
    expect(decision.reasons).toEqual([
      ...causes,
      "account_unmatched",
      "default_tier",
      "priority_default",
      "group_primary",
    ]);
    expect(new Set(decision.tagsAdd)).toEqual(new Set(["ps_tier_standard", "ps_unmatched", ...flags]));
  });

  test("only by the exact domain where sub-domains do not count", () => {
    const exact = policy({ matching: { ...rules.matching, subdomains: false } });
    const below = applied(
      situation({ accounts: [acme], ticket: ticket(from("kim@mail.acme.example")) }),
      exact,
    );
    expect(below.accountId).toBeNull();
    const same = applied(situation({ accounts: [acme], ticket: ticket(from("kim@acme.example")) }), exact);
    expect(same.accountId).toBe("acme");
  });

  test("by address first where the policy says so", () => {
    const addressFirst = policy({
      matching: { ...rules.matching, order: ["requester_domain", "organization"] },
    });
    const given = situation({
      accounts: [acme, acmeLabs],
      ticket: ticket({ requester: requester({ email: "x@labs.acme.example" }) }),
    });
    expect(applied(given, addressFirst).accountId).toBe("labs");
  });

  test("and nobody's ticket still gets priority, group and SLA of the tier for strangers", () => {
    const decision = applied(
      situation({ accounts: [], ticket: ticket({ subject: "production down", organizationId: null }) }),
      rules,
    );
    expect(decision).toMatchObject({ priority: "high", group: "Support", slaPolicy: "PS Standard" });
    expect(decision.due.first_reply.minutes).toBe(480);
  });
});
