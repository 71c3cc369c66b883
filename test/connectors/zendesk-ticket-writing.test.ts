import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { CannotApply, NeedsAdmin, Outdated } from "../../src/errors.ts";
import type { TicketChange } from "../../src/policy/model.ts";
import type { TicketWritten } from "../../src/ports.ts";
import { failureOf, HOST, type Opened, read, TICKET, ticketJson } from "./zendesk-kit.ts";

describe("A decision written", () => {
  type Sent = { readonly ticket: Readonly<Record<string, unknown>> };

  async function write(
    change: TicketChange,
    answer: { ticket?: object; audit?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ written: TicketWritten; sent: Sent; opened: Opened }> {
    const { desk, pacer, slept, reports, ...reading } = await read();
    let sent: Sent = { ticket: {} };
    nock(HOST)
      .put(TICKET, (body: Sent) => {
        sent = body;
        return true;
      })
      .reply(
        200,
        {
          ticket: ticketJson({ updated_at: "2026-11-22T12:00:01Z", ...answer.ticket }),
          audit: answer.audit ?? null,
        },
        answer.headers ?? {},
      );
    const written = await desk.writeTicket(reading, change, "decision-1", "top");
    return { written, sent, opened: { desk, pacer, slept, reports } };
  }

  test("is one conditional PUT that names exactly what differs", async () => {
    const { written, sent, opened } = await write(
      {
        priority: "urgent",
        group: "Enterprise Support",
        tagsAdd: ["ps_vip"],
        tagsRemove: ["web"],
        followersAdd: ["555"],
        tier: "enterprise",
      },
      { ticket: { priority: "urgent", group_id: 11, tags: ["ps_vip", "ps_tier_enterprise"] } },
    );
    expect(sent).toEqual({
      ticket: {
        priority: "urgent",
        group_id: 11,
        custom_fields: [{ id: 32, value: "ps_tier_enterprise" }],
        additional_tags: ["ps_vip"],
        remove_tags: ["web"],
        followers: [{ user_id: 555, action: "put" }],
        metadata: { ps_decision: "decision-1" },
        safe_update: true,
        updated_stamp: "2026-11-22T11:59:55Z",
      },
    });
    expect(written).toEqual({
      stamp: "2026-11-22T12:00:01Z",
      priority: "urgent",
      group: "Enterprise Support",
      tags: ["ps_vip", "ps_tier_enterprise"],
      replaced: {},
      warnings: [],
    });
    expect(opened.pacer.ran.at(-1)).toEqual({ class: "tickets-update", lane: "top" });
  });

  test("without any difference sends nothing", async () => {
    const { desk, pacer: _pacer, slept: _slept, reports: _reports, ...reading } = await read();
    const before = desk.calls();
    expect(await desk.writeTicket(reading, { tagsAdd: [] }, "d", "live")).toMatchObject({
      stamp: reading.stamp,
      replaced: {},
    });
    expect(desk.calls()).toEqual(before);
  });

  test("tells what it replaced, and does not mistake a trigger's answer for a person's value", async () => {
    const { written } = await write(
      { priority: "high", group: "Enterprise Support" },
      {
        ticket: { priority: "normal", group_id: 11 },
        audit: {
          id: 1,
          author_id: 1,
          created_at: "2026-11-22T12:00:01Z",
          via: { channel: "api" },
          events: [
            { type: "Change", field_name: "priority", previous_value: "low", value: "high" },
            { type: "Change", field_name: "group_id", previous_value: "10", value: "11" },
            {
              type: "Change",
              field_name: "priority",
              previous_value: "high",
              value: "normal",
              via: { channel: "rule" },
            },
            { type: "Notification", body: null },
            null,
          ],
        },
      },
    );
    expect(written).toMatchObject({ priority: "normal", replaced: { priority: "low", group: "Support" } });
  });

  test("a blank priority that was replaced is null, not absent", async () => {
    const audit = {
      events: [{ type: "Change", field_name: "priority", previous_value: null, value: "high" }],
    };
    const { written } = await write({ priority: "high" }, { ticket: { priority: "high" }, audit });
    expect(written.replaced).toEqual({ priority: null });
  });

  test.each([
    [
      '{:controller=>"api/v2/tickets", :action=>"update", :unpermitted_keys=>["additional_tags", "foo"]}',
      ["additional_tags", "foo"],
    ],
    ["{:unpermitted_keys=>[:foo]}", ["foo"]],
    ["Removed restricted keys", ["Removed restricted keys"]],
  ])("names the keys the desk did not accept: %s", async (header, warnings) => {
    const { written, opened } = await write(
      { priority: "high" },
      { ticket: { priority: "high" }, headers: { "X-Zendesk-API-Warn": header } },
    );
    expect(written.warnings).toEqual(warnings);
    expect(opened.reports[0]).toContain(String(warnings[0]));
  });

  test("tags that did not take are added and removed by the tag endpoints, each on a fresh stamp", async () => {
    nock(HOST)
      .put(`${TICKET}/tags`, { tags: ["ps_vip"], updated_stamp: "2026-11-22T12:00:01Z", safe_update: true })
      .reply(200, { tags: ["web", "ps_vip"] });
    nock(HOST)
      .delete(`${TICKET}/tags`, { updated_stamp: "2026-11-22T12:00:02Z", safe_update: true })
      .query({ tags: "web" })
      .reply(200, { tags: ["ps_vip"] });
    for (const [updated_at, tags] of [
      ["2026-11-22T12:00:02Z", ["web", "ps_vip"]],
      ["2026-11-22T12:00:03Z", ["ps_vip"]],
    ] as const)
      nock(HOST)
        .get(TICKET)
        .reply(200, { ticket: ticketJson({ updated_at, tags }) });
    const { written } = await write(
      { tagsAdd: ["ps_vip"], tagsRemove: ["web"] },
      { ticket: { tags: ["web"] } },
    );
    expect(written).toMatchObject({ stamp: "2026-11-22T12:00:03Z", tags: ["ps_vip"] });
  });

  test("a tag endpoint that finds the ticket changed means: read again", async () => {
    nock(HOST).put(`${TICKET}/tags`).reply(409, "conflict");
    expect(await failureOf(write({ tagsAdd: ["ps_vip"] }), Outdated)).toBeInstanceOf(Outdated);
  });

  test.each([
    ["does not exist", { group: "Nowhere" }, /Create the group "Nowhere"/],
    ["exists twice", { group: "Twins" }, /Rename one of the groups "Twins"/],
    ["is no option of the drop-down", { tier: "platinum" }, /Add the option with the tag/],
  ])("what %s waits for a person, and nothing is sent", async (_name, change, fix) => {
    const { desk, pacer: _p, slept: _s, reports: _r, ...reading } = await read();
    const needs = await failureOf(desk.writeTicket(reading, change, "d", "live"), NeedsAdmin);
    expect(needs.fix).toMatch(fix);
    expect(desk.calls()).not.toHaveProperty("tickets-update");
  });

  test("a closed ticket is left alone without asking", async () => {
    const { desk, pacer: _p, slept: _s, reports: _r, ...reading } = await read({ status: "closed" });
    await failureOf(desk.writeTicket(reading, { priority: "high" }, "d", "live"), CannotApply);
    expect(desk.calls()).not.toHaveProperty("tickets-update");
  });
});
