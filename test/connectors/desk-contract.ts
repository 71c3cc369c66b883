/**
 * What every help desk behind the `Desk` port promises the core, as sentences. A connector's test hands in a desk with a
 * working product behind it; what people do there meanwhile goes through the harness.
 */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CannotApply, NeedsAdmin, Outdated } from "../../src/errors.ts";
import type { Priority } from "../../src/policy/model.ts";
import type { Desk, OrganizationPage, TicketReading } from "../../src/ports.ts";

/** A desk and the hands of its customers and agents. */
export interface DeskHarness {
  readonly desk: Desk;
  /** A customer of `organizationId` writes in; answers the ticket's id. */
  newTicket(): string;
  /** A person changes a ticket in the product itself. */
  agentSets(ticketId: string, change: { readonly priority?: Priority; readonly status?: string }): void;
  deleteTicket(ticketId: string): void;
  /** Time passes in the product. */
  pass(ms: number): void;
  readonly organizationId: string;
  /** Gives the organization another name. */
  renameOrganization(name: string): void;
  readonly group: string;
  readonly agentEmail: string;
  readonly customerEmail: string;
  /** Requests the product has answered so far. */
  requests(): number;
  stop(): Promise<void>;
}

/** Runs every promise against desks from `start`. */
export function deskContract(product: string, start: () => Promise<DeskHarness>): void {
  const running: { harness: DeskHarness | null } = { harness: null };
  const at = (): DeskHarness => {
    if (running.harness === null) throw new Error("no desk is running");
    return running.harness;
  };
  beforeEach(async () => {
    running.harness = await start();
  });
  afterEach(async () => {
    await running.harness?.stop();
    running.harness = null;
  });

  describe(`${product} as a help desk`, () => {
    ticketPromises(at);
    historyPromises(at);
    organizationPromises(at);
    accountPromises(at);
  });
}

async function reading(harness: DeskHarness, id: string): Promise<TicketReading> {
  const found = await harness.desk.readTicket(id, "live");
  if (found === null) throw new Error(`ticket ${id} is not there`);
  return found;
}

function ticketPromises(at: () => DeskHarness): void {
  test("a new ticket is read with its customer, and its stamp is a fence once its second has ended", async () => {
    const id = at().newTicket();
    expect((await reading(at(), id)).stampClosed).toBe(false);
    at().pass(1_000);
    expect(await reading(at(), id)).toMatchObject({
      id,
      stampClosed: true,
      merged: false,
      organizationId: at().organizationId,
      requester: { email: at().customerEmail, role: "end-user", verified: null },
      submitterRole: "end-user",
    });
  });

  test("a ticket that is deleted or never was is null, not an error", async () => {
    const id = at().newTicket();
    at().deleteTicket(id);
    expect(await at().desk.readTicket(id, "live")).toBeNull();
    expect(await at().desk.readTicket("987654", "live")).toBeNull();
  });

  test("reading a ticket costs one request once the names are known", async () => {
    const id = at().newTicket();
    await reading(at(), id);
    const before = at().requests();
    await reading(at(), id);
    expect(at().requests() - before).toBe(1);
  });

  test("a change is written with one request, in all its parts, and can be read back", async () => {
    const id = at().newTicket();
    const ticket = await reading(at(), id);
    const { id: follower } = (await at().desk.agentByEmail(at().agentEmail)) ?? { id: "" };
    const before = at().requests();
    const written = await at().desk.writeTicket(
      ticket,
      {
        priority: "urgent",
        group: at().group,
        tagsAdd: ["ps_vip"],
        tier: "enterprise",
        followersAdd: [follower],
      },
      "decision-1",
      "top",
    );
    expect(at().requests() - before).toBe(1);
    expect(written).toMatchObject({ priority: "urgent", group: at().group, warnings: [] });
    expect(await reading(at(), id)).toMatchObject({
      priority: "urgent",
      group: at().group,
      tierField: "enterprise",
      followerIds: [follower],
      tags: expect.arrayContaining(["ps_vip", "ps_tier_enterprise"]),
      stamp: written.stamp,
    });
  });

  test("what was written can be taken back: the tier emptied, the follower gone", async () => {
    const id = at().newTicket();
    const { id: follower } = (await at().desk.agentByEmail(at().agentEmail)) ?? { id: "" };
    const put = { tier: "enterprise", followersAdd: [follower] };
    await at().desk.writeTicket(await reading(at(), id), put, "d1", "live");
    at().pass(2_000);
    const back = { tier: null, tagsRemove: ["ps_tier_enterprise"], followersRemove: [follower] };
    await at().desk.writeTicket(await reading(at(), id), back, "d2", "backfill");
    const after = await reading(at(), id);
    expect([after.tierField, after.followerIds]).toEqual([null, []]);
    expect(after.tags).not.toContain("ps_tier_enterprise");
  });

  test("organizations are read as they are at this moment, and those that are gone are left out", async () => {
    const { desk, organizationId } = at();
    const signal = new AbortController().signal;
    await desk.writeOrganizations([{ id: organizationId, fields: { ps_basis: "addon" } }], signal);
    const found = await desk.readOrganizations([organizationId, "987654"], signal);
    expect(found.map((one) => [one.id, one.fields.ps_basis])).toEqual([[organizationId, "addon"]]);
    expect(await desk.readOrganizations([], signal)).toEqual([]);
  });

  test("tags are taken away one by one and the customer's own stay", async () => {
    const id = at().newTicket();
    const first = await at().desk.writeTicket(
      await reading(at(), id),
      { tagsAdd: ["ps_vip", "ours"] },
      "d1",
      "live",
    );
    expect(first.tags).toEqual(expect.arrayContaining(["ps_vip", "ours"]));
    at().pass(2_000);
    const second = await at().desk.writeTicket(
      await reading(at(), id),
      { tagsRemove: ["ps_vip"] },
      "d2",
      "live",
    );
    expect(second.tags).toContain("ours");
    expect(second.tags).not.toContain("ps_vip");
  });

  test("a new tier replaces the old one's tag without being told", async () => {
    const id = at().newTicket();
    await at().desk.writeTicket(await reading(at(), id), { tier: "pro" }, "d1", "live");
    at().pass(2_000);
    const { tags } = await at().desk.writeTicket(
      await reading(at(), id),
      { tier: "enterprise" },
      "d2",
      "live",
    );
    expect([tags.includes("ps_tier_enterprise"), tags.includes("ps_tier_pro")]).toEqual([true, false]);
  });

  test("a person's change since the reading is never overwritten", async () => {
    const id = at().newTicket();
    const ticket = await reading(at(), id);
    at().pass(2_000);
    at().agentSets(id, { priority: "low" });
    await expect(at().desk.writeTicket(ticket, { priority: "urgent" }, "d", "live")).rejects.toBeInstanceOf(
      Outdated,
    );
    expect((await reading(at(), id)).priority).toBe("low");
  });

  test("what our write replaced is told, so a person's value of the same second can go back", async () => {
    const id = at().newTicket();
    const ticket = await reading(at(), id);
    // Within the second of the stamp: no fence can see this.
    at().agentSets(id, { priority: "high" });
    const { replaced } = await at().desk.writeTicket(ticket, { priority: "urgent" }, "d", "live");
    expect([ticket.priority, replaced.priority]).toEqual([null, "high"]);
  });

  test("a closed or deleted ticket is done with", async () => {
    const closed = at().newTicket();
    const deleted = at().newTicket();
    const readings = [await reading(at(), closed), await reading(at(), deleted)];
    at().agentSets(closed, { status: "closed" });
    at().deleteTicket(deleted);
    for (const one of readings)
      await expect(at().desk.writeTicket(one, { priority: "high" }, "d", "live")).rejects.toBeInstanceOf(
        CannotApply,
      );
  });

  test("a group nobody has waits for a person, with what to do", async () => {
    const ticket = await reading(at(), at().newTicket());
    const failed = await at()
      .desk.writeTicket(ticket, { group: "Nowhere" }, "d", "live")
      .catch((error) => error);
    expect(failed).toBeInstanceOf(NeedsAdmin);
    expect(failed.fix).toMatch(/Nowhere/);
  });

  test("SLA clocks of many tickets come in one request, without those that are gone", async () => {
    const [kept, gone] = [at().newTicket(), at().newTicket()];
    at().deleteTicket(gone);
    const before = at().requests();
    const clocks = await at().desk.readSlas([kept, gone, "987654"], "live");
    expect([clocks.map((one) => one.ticketId), at().requests() - before]).toEqual([[kept], 1]);
  });

  test("once a ticket has a priority and a policy fits, its first-reply clock can be read", async () => {
    const id = at().newTicket();
    await at().desk.writeTicket(
      await reading(at(), id),
      { priority: "urgent", tier: "enterprise" },
      "d",
      "live",
    );
    const [sla] = await at().desk.readSlas([id], "live");
    const first = sla?.clocks.find((clock) => clock.metric === "first_reply_time");
    const { createdAt } = await reading(at(), id);
    expect(first?.breachAt).toBe(createdAt + 30 * 60_000);
  });
}

function historyPromises(at: () => DeskHarness): void {
  test("a decision is found in the history of its ticket, and so is who set the priority", async () => {
    const id = at().newTicket();
    expect(await at().desk.readHistory(id, "live")).toEqual({
      priorityAuthor: null,
      decisionIds: [],
      newest: { decisionId: null, creation: true },
    });
    await at().desk.writeTicket(await reading(at(), id), { priority: "high" }, "decision-7", "live");
    const ours = await at().desk.readHistory(id, "live");
    expect(ours.decisionIds).toEqual(["decision-7"]);
    expect(ours.newest).toEqual({ decisionId: "decision-7", creation: false });
    at().pass(2_000);
    at().agentSets(id, { priority: "low" });
    const { priorityAuthor, newest } = await at().desk.readHistory(id, "live");
    expect(newest).toEqual({ decisionId: null, creation: false });
    const agent = await at().desk.agentByEmail(at().agentEmail);
    expect(priorityAuthor).toMatchObject({ id: agent?.id, byRule: false });
  });

  test("a proven address is told from one that is not known", async () => {
    const { requesterId } = await reading(at(), at().newTicket());
    expect(await at().desk.isVerified(requesterId ?? "", "live")).toBe(true);
    expect(await at().desk.isVerified("987654", "live")).toBe(false);
  });
}

async function allPages(harness: DeskHarness, cursor: string | null): Promise<readonly OrganizationPage[]> {
  const pages: OrganizationPage[] = [];
  for await (const page of harness.desk.organizations(cursor, new AbortController().signal)) pages.push(page);
  return pages;
}

function organizationPromises(at: () => DeskHarness): void {
  const { signal } = new AbortController();

  test("every organization is read once, the last page says so, and its cursor leads to what changed since", async () => {
    const pages = await allPages(at(), null);
    const ids = pages.flatMap((page) => page.organizations.map((one) => one.id));
    expect(ids).toContain(at().organizationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pages.map((page) => page.last)).toEqual(pages.map((_, index) => index === pages.length - 1));
    at().pass(10_000);
    at().renameOrganization("Renamed Ltd");
    at().pass(120_000);
    const again = await allPages(at(), pages.at(-1)?.cursor ?? null);
    const names = again.flatMap((page) => page.organizations.filter((one) => one.id === at().organizationId));
    expect(names.map((one) => one.name)).toEqual(["Renamed Ltd"]);
  });

  test("our own fields are written in one batch, one answer a row, and read back as text", async () => {
    const outcomes = await at().desk.writeOrganizations(
      [
        {
          id: at().organizationId,
          fields: { ps_tier: "ps_tier_enterprise", ps_basis: "plan", ps_renewal: "2027-01-31" },
        },
        { id: "987654", fields: { ps_tier: "ps_tier_pro" } },
      ],
      signal,
    );
    expect(outcomes.map((row) => [row.id, row.ok])).toEqual([
      [at().organizationId, true],
      ["987654", false],
    ]);
    at().pass(120_000);
    const [own] = (await allPages(at(), null))
      .flatMap((page) => page.organizations)
      .filter((one) => one.id === at().organizationId);
    expect(own?.fields).toMatchObject({
      ps_tier: "ps_tier_enterprise",
      ps_basis: "plan",
      ps_renewal: "2027-01-31",
    });
    expect(own?.tags).toContain("ps_tier_enterprise");
    expect(own?.fields).not.toHaveProperty("their_field");
  });

  test("an empty field is emptied", async () => {
    const write = (value: string | null): Promise<unknown> =>
      at().desk.writeOrganizations([{ id: at().organizationId, fields: { ps_basis: value } }], signal);
    await write("plan");
    await write(null);
    at().pass(120_000);
    const all = (await allPages(at(), null)).flatMap((page) => page.organizations);
    expect(all.find((one) => one.id === at().organizationId)?.fields.ps_basis ?? null).toBeNull();
  });
}

function accountPromises(at: () => DeskHarness): void {
  test("the account tells its groups, fields and who we are", async () => {
    const shape = await at().desk.describe();
    expect(shape.groups.map((group) => group.name)).toContain(at().group);
    expect(shape).toMatchObject({ duplicateGroups: [], tierField: true, me: { role: "admin" } });
    expect(shape.organizationFields).toEqual(expect.arrayContaining(["ps_tier", "ps_basis"]));
  });

  test("an agent is found by the whole address only, a customer never", async () => {
    const { desk, agentEmail, customerEmail } = at();
    expect((await desk.agentByEmail(agentEmail.toUpperCase()))?.id).toMatch(/^\d+$/);
    expect(await desk.agentByEmail(agentEmail.slice(1))).toBeNull();
    expect(await desk.agentByEmail(customerEmail)).toBeNull();
  });

  test("calls are counted", async () => {
    await reading(at(), at().newTicket());
    const counted = Object.values(at().desk.calls()).reduce((sum, calls) => sum + calls, 0);
    expect(counted).toBe(at().requests());
  });
}
