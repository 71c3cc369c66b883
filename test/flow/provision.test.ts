import { statSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Installation, install, secretIn } from "./provision-kit.ts";

const open: Installation[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function installed(options: Parameters<typeof install>[0] = {}): Promise<Installation> {
  const one = await install(options);
  open.push(one);
  return one;
}

const changes = (json: { readonly changes: readonly { action: string; kind: string; name: string }[] }) =>
  json.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

describe("setting up a help desk", () => {
  test("plan, apply, a damage by hand, plan, apply, undo: each does what it says", async () => {
    const site = await installed();
    const before = site.setUp();
    const first = await site.run(["plan", "--json"]);
    expect([first.code, first.json().changes.some(({ action }) => action === "blocked")]).toEqual([0, false]);

    const applied = await site.run(["apply", "--yes"]);
    expect([applied.code, applied.err]).toEqual([0, ""]);
    const runId = /undo (\S+)/.exec(applied.out)?.[1] ?? "";
    const webhook = [...site.desk.state.webhooks.values()][0];
    expect(secretIn(site)).toBe(webhook?.secret);
    expect(statSync(site.secretFile).mode & 0o777).toBe(0o600);
    expect(applied.out).not.toContain(webhook?.secret);

    const second = await site.run(["plan"]);
    expect([second.code, second.out]).toEqual([
      0,
      expect.stringContaining("Nothing to do: the help desk is as the policy wants it."),
    ]);

    const trigger = [...site.desk.state.triggers.values()].find(({ title }) =>
      title.includes("new tickets of Pro"),
    );
    await site.call("PUT", `/triggers/${trigger?.id}`, { trigger: { active: false } });
    const damage = await site.run(["plan", "--json"]);
    expect(changes(damage.json())).toEqual(["drift trigger Priority support: new tickets of Pro"]);
    expect(damage.json().changes[0]?.why).toBe("Changed by somebody since: active.");
    const healed = (await site.run(["apply", "--yes", "--json"])).json();
    expect(healed.done.map(({ action, kind }) => `${action} ${kind}`)).toEqual(["change trigger"]);
    expect(site.desk.state.triggers.get(trigger?.id ?? "")?.active).toBe(true);

    const early = await site.run(["undo", runId, "--json", "--dry-run"]);
    expect(early.json().left.map(({ why }) => why)).toEqual([`a later run changed it: ${healed.runId}`]);
    expect((await site.run(["undo", healed.runId])).code).toBe(0);
    expect(site.desk.state.triggers.get(trigger?.id ?? "")?.active).toBe(false);
    const undone = await site.run(["undo", runId, "--json"]);
    expect([undone.code, undone.json().left, undone.json().failed]).toEqual([0, [], []]);
    expect(site.setUp()).toEqual(before);
  }, 60_000);
});
