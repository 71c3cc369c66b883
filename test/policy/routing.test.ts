import { describe, expect, test } from "@jest/globals";
import type { GroupAvailability, Ticket } from "../../src/policy/model.ts";
import { account, applied, moment, policy, situation, TUESDAY, ticket, withTier } from "../builders.ts";

const rules = policy();
const SATURDAY = moment("2026-06-13T15:00:00Z");
const EVENING = moment("2026-06-09T23:00:00Z");

type Staff = Readonly<Record<string, Partial<GroupAvailability>>>;

interface Case {
  readonly plan?: string;
  readonly ticket?: Partial<Ticket>;
  readonly staff?: Staff;
  readonly at?: number;
}

function routed(
  { plan = "Enterprise", ticket: changes = {}, staff = {}, at = TUESDAY }: Case,
  under = rules,
) {
  const availability = new Map(
    Object.entries(staff).map(([group, { online = null, unassigned = null }]) => [
      group,
      { online, unassigned },
    ]),
  );
  const accounts = [account({ plan, syncedAt: at - 1 })];
  const given = situation({ accounts, availability, ticket: ticket({ createdAt: at, ...changes }) });
  const { group, reasons, tagsAdd } = applied(given, under, at);
  return {
    group,
    reasons: reasons.filter((reason) => reason.startsWith("group_")),
    flags: tagsAdd.filter((tag) => tag === "ps_after_hours" || tag === "ps_attention"),
  };
}

const urgent: Partial<Ticket> = { subject: "outage" };

describe("a ticket goes", () => {
  const rows: readonly [string, Case, string | null, readonly string[], readonly string[]][] = [
    ["to the tier's group", {}, "Enterprise Support", ["group_primary"], []],
    [
      "to the tier's group from the catch-all group",
      { ticket: { group: "Support" } },
      "Enterprise Support",
      ["group_primary"],
      [],
    ],
    [
      "nowhere else when someone works on it",
      { ticket: { group: "Billing", assignee: "7" } },
      "Billing",
      ["group_kept_assignee"],
      [],
    ],
    [
      "nowhere else when someone works on it, even without a group",
      { ticket: { assignee: "7" } },
      null,
      ["group_kept_assignee"],
      [],
    ],
    [
      "nowhere else when its form belongs to a group",
      { ticket: { group: "Support", form: " Billing " } },
      "Support",
      ["group_kept_form"],
      [],
    ],
    [
      "nowhere else when another group has it",
      { ticket: { group: "Billing" } },
      "Billing",
      ["group_kept_existing"],
      [],
    ],
    [
      "nowhere else, for the assignee before the form",
      { ticket: { assignee: "7", form: "billing" } },
      null,
      ["group_kept_assignee"],
      [],
    ],
    [
      "to the tier's group while staffing is not known",
      { staff: { "Enterprise Support": {} } },
      "Enterprise Support",
      ["group_primary"],
      [],
    ],
    [
      "to the tier's group with one ticket less than the mark",
      { staff: { "Enterprise Support": { online: 1, unassigned: 19 } } },
      "Enterprise Support",
      ["group_primary"],
      [],
    ],
    [
      "to the fallback at the mark",
      { staff: { "Enterprise Support": { online: 1, unassigned: 20 } } },
      "Premier Support",
      ["group_overflow"],
      [],
    ],
    [
      "to the fallback when nobody is online",
      { staff: { "Enterprise Support": { online: 0 } } },
      "Premier Support",
      ["group_offline"],
      [],
    ],
    [
      "to the fallback for being offline alone, when it overflows too",
      { staff: { "Enterprise Support": { online: 0, unassigned: 99 } } },
      "Premier Support",
      ["group_offline"],
      [],
    ],
    [
      "to the second fallback when the first is over its own tier's mark",
      { staff: { "Enterprise Support": { online: 0 }, "Premier Support": { unassigned: 8 } } },
      "Priority Support",
      ["group_offline"],
      [],
    ],
    [
      "to a group without a mark, however long its queue",
      {
        staff: {
          "Enterprise Support": { online: 0 },
          "Premier Support": { online: 0 },
          "Priority Support": { unassigned: 900 },
        },
      },
      "Priority Support",
      ["group_offline"],
      [],
    ],
    [
      "to the tier's group when the last fallback is closed",
      { at: EVENING, staff: { "Enterprise Support": { online: 0 }, "Premier Support": { online: 0 } } },
      "Enterprise Support",
      ["group_offline", "group_all_unavailable"],
      ["ps_attention"],
    ],
    [
      "to on-call when all are away and it is urgent",
      {
        ticket: urgent,
        at: EVENING,
        staff: { "Enterprise Support": { online: 0 }, "Premier Support": { online: 0 } },
      },
      "On-call",
      ["group_offline", "group_after_hours"],
      [],
    ],
    [
      "to the tier's group when on-call is away too",
      {
        ticket: urgent,
        at: EVENING,
        staff: {
          "Enterprise Support": { online: 0 },
          "Premier Support": { online: 0 },
          "On-call": { online: 0 },
        },
      },
      "Enterprise Support",
      ["group_offline", "group_all_unavailable"],
      ["ps_attention"],
    ],
    [
      "to the tier's group at night of a 24x5 week",
      { at: moment("2026-06-10T05:00:00Z") },
      "Enterprise Support",
      ["group_primary"],
      [],
    ],
    [
      "to on-call on Saturday when it is urgent",
      { at: SATURDAY, ticket: urgent },
      "On-call",
      ["group_after_hours"],
      ["ps_after_hours"],
    ],
    [
      "to on-call on Saturday, not asking who is online",
      { at: SATURDAY, ticket: urgent, staff: { "On-call": { online: 0 } } },
      "On-call",
      ["group_after_hours"],
      ["ps_after_hours"],
    ],
    [
      "to wait in the tier's group on Saturday otherwise",
      { at: SATURDAY },
      "Enterprise Support",
      ["group_waits_for_hours"],
      ["ps_after_hours"],
    ],
    [
      "to wait in the evening where there is no on-call",
      { plan: "Pro", at: EVENING, ticket: urgent },
      "Priority Support",
      ["group_waits_for_hours"],
      ["ps_after_hours"],
    ],
    [
      "to the tier's group that has no fallback, for attention",
      { plan: "Standard", staff: { Support: { online: 0 } } },
      "Support",
      ["group_offline", "group_all_unavailable"],
      ["ps_attention"],
    ],
    [
      "to wait on a holiday",
      { plan: "Pro", at: moment("2026-07-03T15:00:00Z") },
      "Priority Support",
      ["group_waits_for_hours"],
      ["ps_after_hours"],
    ],
  ];
  test.each(rows)("%s", (_sentence, given, group, reasons, flags) => {
    expect(routed(given)).toEqual({ group, reasons, flags });
  });

  test("by who is there now, not by who was there when it came", () => {
    const accounts = [account({ plan: "Pro" })];
    const given = situation({ accounts, ticket: ticket({ createdAt: TUESDAY }) });
    expect(applied(given, rules, EVENING).reasons).toContain("group_waits_for_hours");
  });

  test("where it is, when the list of free groups does not name tickets without one", () => {
    const strict = policy({ routing: { ...rules.routing, reroutableGroups: ["Support"] } });
    expect(routed({}, strict)).toMatchObject({ group: null, reasons: ["group_kept_existing"] });
    expect(routed({ ticket: { group: "Support" } }, strict).group).toBe("Enterprise Support");
  });

  test("to the tier's group although assigned, where the policy says so", () => {
    const free = policy({ routing: { ...rules.routing, keepWhenAssigned: false } });
    expect(routed({ ticket: { assignee: "7" } }, free).group).toBe("Enterprise Support");
  });

  test("nowhere where the tier names no group", () => {
    const homeless = withTier(rules, "enterprise", (tier) => ({ routing: { ...tier.routing, group: null } }));
    expect(routed({}, homeless)).toMatchObject({ group: null, reasons: ["group_kept_existing"] });
  });
});
