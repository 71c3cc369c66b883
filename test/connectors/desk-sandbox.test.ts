import { describe, expect, test } from "@jest/globals";
import { openZendesk } from "../../connectors/zendesk/index.ts";
import { Paused } from "../../src/errors.ts";
import {
  startZendeskSandbox,
  type ZendeskOptions,
  type ZendeskSandbox,
  type ZendeskSeed,
} from "../../src/sandbox/zendesk.ts";
import { type DeskHarness, deskContract } from "./desk-contract.ts";
import { deskSettings, failureOf, notingPacer, TIER_TAGS } from "./zendesk-kit.ts";

const AGENT = "tam@acme.example";
const CUSTOMER = "jane@customer.example";

const SEED: ZendeskSeed = {
  groups: [
    { id: 10, name: "Support" },
    { id: 11, name: "Enterprise Support" },
  ],
  brands: [{ id: 5, name: "Acme" }],
  ticket_forms: [{ id: 20, name: "Default Form" }],
  ticket_fields: [
    {
      id: 32,
      type: "tagger",
      title: "Support tier",
      custom_field_options: TIER_TAGS.map((value) => ({ name: value, value })),
    },
  ],
  organization_fields: [
    {
      key: "ps_tier",
      type: "dropdown",
      title: "Tier",
      custom_field_options: TIER_TAGS.map((value) => ({ name: value, value })),
    },
    { key: "ps_basis", type: "text", title: "Basis" },
    { key: "ps_renewal", type: "date", title: "Renewal" },
    { key: "their_field", type: "text", title: "Theirs" },
  ],
  organizations: [
    {
      id: 700,
      name: "Customer Ltd",
      domain_names: ["customer.example"],
      organization_fields: { their_field: "x" },
    },
    { id: 701, name: "Other Ltd" },
    { id: 702, name: "Third Ltd" },
  ],
  users: [
    { id: 900, email: CUSTOMER, organization_id: 700, verified: true },
    { id: 901, email: AGENT, role: "agent", group_ids: [10] },
  ],
  sla_policies: [
    {
      title: "Enterprise",
      position: 1,
      filter: {
        all: [{ field: "current_tags", operator: "includes", value: "ps_tier_enterprise" }],
        any: [],
      },
      policy_metrics: ["urgent", "high", "normal", "low"].map((priority) => ({
        priority,
        metric: "first_reply_time",
        target: 30,
        business_hours: false,
      })),
    },
  ],
};

interface Running extends DeskHarness {
  readonly sandbox: ZendeskSandbox;
}

/** Product and desk share one clock that moves only when told: seconds matter here. */
async function start(options: ZendeskOptions = {}, token?: () => string): Promise<Running> {
  const clock = { at: Date.parse("2026-11-22T12:00:00.200Z") };
  const now = (): number => clock.at;
  const sandbox = await startZendeskSandbox({ seed: SEED, now, ...options });
  // The seed is not of this minute: exports leave the last one out.
  clock.at += 5 * 60_000;
  const desk = openZendesk({
    url: sandbox.url,
    credentials: () => ({ email: sandbox.agentEmail, apiToken: token?.() ?? sandbox.apiToken }),
    prefix: "ps_",
    tierTags: TIER_TAGS,
    desk: deskSettings,
    pacer: notingPacer(),
    now,
    sleep: async (ms) => {
      clock.at += ms;
    },
  });
  return {
    sandbox,
    desk,
    newTicket: () => sandbox.createTicket({ from: CUSTOMER }).id,
    agentSets: (id, change) => {
      sandbox.agentUpdate(id, change, "901");
    },
    deleteTicket: sandbox.deleteTicket,
    pass: (ms) => {
      clock.at += ms;
    },
    organizationId: "700",
    renameOrganization: (name) => {
      sandbox.updateOrganization("700", { name });
    },
    group: "Enterprise Support",
    agentEmail: AGENT,
    customerEmail: CUSTOMER,
    requests: () => Object.values(sandbox.calls()).reduce((sum, calls) => sum + calls, 0),
    stop: sandbox.close,
  };
}

deskContract("Zendesk", start);

describe("Zendesk accounts differ", () => {
  async function with_(options: ZendeskOptions, work: (running: Running) => Promise<void>): Promise<void> {
    const running = await start(options);
    try {
      await work(running);
    } finally {
      await running.stop();
    }
  }

  test("where a single ticket takes no additional tags, they get there by the tag endpoint", async () => {
    await with_({ singlePutTags: "ignored_with_warning" }, async (running) => {
      const id = running.newTicket();
      const reading = await running.desk.readTicket(id, "live");
      if (reading === null) throw new Error("not read");
      running.pass(2_000);
      const written = await running.desk.writeTicket(
        reading,
        { priority: "high", tagsAdd: ["ps_vip"] },
        "d",
        "live",
      );
      expect(written).toMatchObject({ priority: "high", warnings: ["additional_tags"] });
      expect(written.tags).toContain("ps_vip");
      expect((await running.desk.readTicket(id, "live"))?.stamp).toBe(written.stamp);
    });
  });

  test("without SLA policies in the plan there are none to describe", async () => {
    await with_({ slas: false }, async ({ desk }) => {
      expect((await desk.describe()).slaPolicies).toBeNull();
    });
  });

  test("ids beyond 2^53 survive reading, writing and jobs", async () => {
    const { organizations: _o, users: _u, ...rest } = SEED;
    await with_({ bigIds: true, seed: rest }, async ({ desk, sandbox, pass }) => {
      const { id } = sandbox.createTicket({});
      const reading = await desk.readTicket(id, "live");
      if (reading?.requesterId == null) throw new Error("not read");
      expect(sandbox.state.users.has(reading.requesterId)).toBe(true);
      pass(2_000);
      expect((await desk.writeTicket(reading, { group: "Support" }, "d", "live")).group).toBe("Support");
    });
  });

  test("small export pages whose rows share a second neither loop nor lose anyone", async () => {
    await with_({ exportPage: 2 }, async ({ desk }) => {
      const ids: string[] = [];
      for await (const page of desk.organizations(null, new AbortController().signal))
        ids.push(...page.organizations.map((one) => one.id));
      expect(ids.toSorted()).toEqual(["700", "701", "702"]);
    });
  });

  test("a job that is not there at first, and slow then, still answers for its rows", async () => {
    await with_({ jobMissingPolls: 2, jobPolls: 2, jobMs: 5_000 }, async ({ desk }) => {
      const outcomes = await desk.writeOrganizations(
        [{ id: "700", fields: { ps_basis: "plan" } }],
        new AbortController().signal,
      );
      expect(outcomes).toEqual([{ id: "700", ok: true, retry: false, reason: null }]);
    });
  });

  test("a replaced token stops everything, and works again without a restart", async () => {
    const token = { value: "sandbox-api-token" };
    const running = await start({}, () => token.value);
    try {
      const id = running.newTicket();
      running.sandbox.setApiToken("fresh");
      const paused = await failureOf(running.desk.readTicket(id, "live"), Paused);
      expect(paused.fix).toMatch(/token/);
      token.value = "fresh";
      expect((await running.desk.readTicket(id, "live"))?.id).toBe(id);
    } finally {
      await running.stop();
    }
  });

  test("an update that was applied but answered with 500 is found in the history and not done twice", async () => {
    await with_({}, async ({ desk, sandbox, newTicket, pass }) => {
      const id = newTicket();
      const reading = await desk.readTicket(id, "live");
      if (reading === null) throw new Error("not read");
      pass(2_000);
      sandbox.fault({ method: "PUT", status: 500, bodyText: "<html>oops</html>", afterApplying: true });
      await expect(desk.writeTicket(reading, { priority: "urgent" }, "d-9", "live")).rejects.toMatchObject({
        name: "TryAgain",
      });
      expect((await desk.readHistory(id, "live")).decisionIds).toEqual(["d-9"]);
      await expect(desk.writeTicket(reading, { priority: "urgent" }, "d-9", "live")).rejects.toMatchObject({
        name: "Outdated",
      });
    });
  });

  test("the plan's limit, refused in plain text, makes the account rest", async () => {
    await with_({ limits: { plan: 5 } }, async ({ desk, newTicket }) => {
      const id = newTicket();
      await desk.readTicket(id, "live");
      await desk.readTicket(id, "live");
      const paused = await failureOf(desk.readTicket(id, "live"), Paused);
      expect(paused.afterMs).toBeGreaterThan(0);
    });
  });
});
