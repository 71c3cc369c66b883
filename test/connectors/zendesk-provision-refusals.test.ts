import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import { HOST } from "./zendesk-kit.ts";
import { openScripted, SAMPLES } from "./zendesk-provision-kit.ts";
import { WEBHOOK } from "./zendesk-provision-recorded.ts";

describe("what Zendesk refuses", () => {
  const failing = async (status: number, answer: nock.Body, headers = {}): Promise<unknown> => {
    nock(HOST).post("/api/v2/triggers").reply(status, answer, headers);
    return openScripted()
      .desk.create("trigger", SAMPLES.trigger.fields)
      .then(
        () => null,
        (error: unknown) => error,
      );
  };

  test.each([
    [
      {
        error: "RecordInvalid",
        description: "Record validation errors",
        details: { base: [{ description: "Actions: cannot be blank" }] },
      },
      "Actions: cannot be blank",
    ],
    [{ errors: [{ code: "InvalidTrigger", title: "category_id is not valid" }] }, "category_id is not valid"],
    [{ error: { title: "Invalid", message: "Trigger is not valid" } }, "Trigger is not valid"],
  ])("is told in its own words, whichever shape they come in: %j", async (answer, words) => {
    const error = await failing(422, answer);
    expect(error).toBeInstanceOf(NeedsAdmin);
    expect((error as NeedsAdmin).message).toBe(
      `Zendesk did not accept this trigger while making a trigger: ${words}`,
    );
    expect((error as NeedsAdmin).fix).toContain("run `priority-support plan` again");
  });

  test("at great length is cut short", async () => {
    const error = await failing(422, { error: "x", description: "long ".repeat(500) });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  test.each([
    [402, { error: "PaymentRequired" }],
    [404, { error: "RecordNotFound" }],
    [403, { errors: [{ code: "TriggerCategoriesNotEnabled", title: "Not enabled for your account" }] }],
  ])("with %i is a matter of the plan", async (status, answer) => {
    const error = await failing(status, answer);
    expect((error as NeedsAdmin).message).toContain("this account has no trigger to offer");
    expect((error as NeedsAdmin).fix).toContain("Zendesk plan");
  });

  test.each([
    ["admin", "this account has no trigger to offer", "Zendesk plan"],
    ["agent", "the token's user is not an administrator", "as an administrator"],
  ])("with a plain 403 depends on who asks: an %s", async (role, what, fix) => {
    nock(HOST)
      .get("/api/v2/users/me")
      .reply(200, { user: { id: 1, role } });
    const error = await failing(403, { error: { title: "Forbidden", message: "You do not have access" } });
    expect((error as NeedsAdmin).message).toContain(what);
    expect((error as NeedsAdmin).fix).toContain(fix);
  });

  test("because it is busy or the token expired is no fault of the object", async () => {
    expect(await failing(429, "slow down", { "retry-after": "7" })).toMatchObject({
      name: "Paused",
      afterMs: 7_000,
    });
    expect(await failing(401, { error: "Couldn't authenticate you" })).toBeInstanceOf(Paused);
    expect(await failing(502, "<html>Bad gateway</html>")).toBeInstanceOf(TryAgain);
  });

  test("in an answer without the object is not taken for a success", async () => {
    expect(await failing(201, { trigger: { title: "no id" } })).toBeInstanceOf(TryAgain);
    expect(await failing(200, {})).toBeInstanceOf(TryAgain);
  });
});

describe("an order that Zendesk accepts and does not keep", () => {
  test("is noticed by reading it back", async () => {
    const row = (id: number, position: number): object => ({ id, title: `P${id}`, position });
    nock(HOST)
      .put("/api/v2/slas/policies/reorder", { sla_policy_ids: [2, 1] })
      .reply(200, '""')
      .get("/api/v2/slas/policies")
      .reply(200, { sla_policies: [row(1, 1), row(2, 2)] });
    const reordered = openScripted().desk.reorder("sla_policy", ["2", "1"], null);
    await expect(reordered).rejects.toThrow("Zendesk kept another order (1, 2)");
  });

  test("and one whose answer was lost is judged by the list as well", async () => {
    const row = (id: number, position: number): object => ({ id, title: `P${id}`, position });
    const answered = (rows: readonly object[]): Promise<void> => {
      nock(HOST)
        .put("/api/v2/slas/policies/reorder")
        .reply(502, "<html>")
        .get("/api/v2/slas/policies")
        .reply(200, { sla_policies: rows });
      return openScripted().desk.reorder("sla_policy", ["2", "1"], null);
    };
    expect(await answered([row(2, 1), row(1, 2)])).toBeUndefined();
    await expect(answered([row(1, 1), row(2, 2)])).rejects.toBeInstanceOf(TryAgain);
  });
});

describe("a signing secret", () => {
  test("is in no message, whatever goes wrong beside it", async () => {
    nock(HOST)
      .get(`/api/v2/webhooks/${WEBHOOK}/signing_secret`)
      .reply(200, { signing_secret: { secret: "s3cr3t-value", algorithm: "SHA256" } })
      .get(`/api/v2/webhooks/${WEBHOOK}/signing_secret`)
      .reply(200, { signing_secret: {} });
    const { desk, reports } = openScripted();
    expect(await desk.signingSecret(WEBHOOK)).toBe("s3cr3t-value");
    await expect(desk.signingSecret(WEBHOOK)).rejects.toThrow("Zendesk gave no secret");
    expect(reports).toEqual([]);
  });
});
