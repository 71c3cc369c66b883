import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { HOST, open, TICKET } from "./zendesk-kit.ts";

describe("Who set the priority", () => {
  const audit = (id: number, over: object): object => ({
    id,
    author_id: 900,
    created_at: `2026-11-22T11:0${id % 10}:00Z`,
    via: { channel: "web" },
    metadata: { custom: {}, system: {} },
    events: [],
    ...over,
  });

  function mockAudits(audits: readonly unknown[], over: object = {}, after?: string): void {
    nock(HOST)
      .get(`${TICKET}/audits`)
      .query((query) => query["page[after]"] === after && query["page[size]"] === "100")
      .reply(200, {
        audits,
        users: [
          { id: 900, role: "end-user" },
          { id: 901, role: "agent" },
        ],
        meta: { has_more: false },
        links: { next: `${HOST}${TICKET}/audits?page[after]=never` },
        ...over,
      });
  }

  test("is the author of the newest event on it, and decisions are found in the metadata", async () => {
    mockAudits([
      audit(3, {
        author_id: 901,
        events: [{ type: "Change", field_name: "priority", previous_value: "low", value: "high" }],
      }),
      audit(2, { metadata: { custom: { ps_decision: "d-7" } } }),
      audit(1, { events: [{ type: "Create", field_name: "priority", value: "low" }] }),
    ]);
    expect(await open().desk.readHistory("42", "live")).toEqual({
      priorityAuthor: { id: "901", role: "agent", byRule: false },
      decisionIds: ["d-7"],
      newest: { decisionId: null, creation: false },
    });
  });

  test("is a rule when the event came from one, although the audit is a person's", async () => {
    mockAudits([
      audit(1, {
        events: [
          { type: "Create", field_name: "priority", value: null },
          {
            type: "Change",
            field_name: "priority",
            previous_value: null,
            value: "high",
            via: { channel: "rule", source: { rel: "trigger" } },
          },
        ],
      }),
    ]);
    const { priorityAuthor } = await open().desk.readHistory("42", "live");
    expect(priorityAuthor).toEqual({ id: "900", role: "end-user", byRule: true });
  });

  test("is a rule when the whole audit is an automation's", async () => {
    mockAudits([
      audit(1, {
        author_id: -1,
        via: { channel: "rule" },
        events: [{ type: "Change", field_name: "priority", value: "high" }],
      }),
    ]);
    expect((await open().desk.readHistory("42", "live")).priorityAuthor).toEqual({
      id: "-1",
      role: null,
      byRule: true,
    });
  });

  test("is found whatever order the pages come in", async () => {
    mockAudits(
      [audit(1, { events: [{ type: "Create", field_name: "priority", value: "low" }] }), audit(2, {})],
      { meta: { has_more: true, after_cursor: "c1" } },
    );
    mockAudits(
      [audit(3, { author_id: 901, events: [{ type: "Change", field_name: "priority", value: "high" }] })],
      {},
      "c1",
    );
    expect((await open().desk.readHistory("42", "live")).priorityAuthor?.id).toBe("901");
  });

  test("is nobody where the audits do not say", async () => {
    mockAudits([audit(1, { events: null, metadata: null }), "odd"]);
    expect(await open().desk.readHistory("42", "live")).toEqual({
      priorityAuthor: null,
      decisionIds: [],
      newest: { decisionId: null, creation: false },
    });
  });
});

describe("Is the sender's address proven", () => {
  test.each([
    ["the primary address is", [{ type: "email", primary: true, verified: true }], true],
    [
      "only another address is",
      [
        { type: "email", primary: true, verified: false },
        { type: "email", primary: false, verified: true },
      ],
      false,
    ],
    ["none is primary and one is", [{ type: "email", primary: null, verified: true }], true],
    ["only a phone number is", [{ type: "phone_number", primary: true, verified: true }], false],
    ["there is no identity", [], false],
  ])("when %s", async (_name, identities, expected) => {
    nock(HOST)
      .get("/api/v2/users/900/identities")
      .query(true)
      .reply(200, { identities, meta: { has_more: false } });
    expect(await open().desk.isVerified("900", "live")).toBe(expected);
  });

  test("not when the user is gone", async () => {
    nock(HOST).get("/api/v2/users/900/identities").query(true).reply(404, {});
    expect(await open().desk.isVerified("900", "live")).toBe(false);
  });
});
