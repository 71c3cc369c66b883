import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { addOverride, endOverride, markTurning } from "../../src/overrides.ts";
import { openStore } from "../../src/store/open.ts";
import { startWorld, type World } from "./world.ts";

let w: World;
let folder = "";
beforeAll(async () => {
  w = await startWorld();
  folder = mkdtempSync(join(tmpdir(), "switches-"));
});
afterAll(async () => {
  await w.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line on the installation's store, in a process of its own. */
function cli(args: readonly string[], env: Readonly<Record<string, string>> = w.env): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["src/cli.ts", ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

function puts(id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

function writesSince(entry: number): readonly string[] {
  return w.desk.journal
    .slice(entry)
    .filter((e) => e.method !== "GET" && e.method !== "UI")
    .map((e) => `${e.method} ${e.path}`);
}

async function readiness(): Promise<{ status: number; text: string }> {
  const response = await fetch(`${w.service.url}/readyz`);
  return { status: response.status, text: await response.text() };
}

function create(role = "arr_eur"): string {
  return w.desk.createTicket({ from: w.customer(role).email }).id;
}

describe("pause and resume", () => {
  test("while paused webhooks are accepted and wait, nothing is written, and then everything goes on", async () => {
    const paused = await cli(["pause"]);
    expect([paused.status, paused.stdout]).toEqual([0, expect.stringContaining("resume")]);
    const [before, crmBefore] = [w.desk.journal.length, w.crm.journal.length];
    const ids = [create(), create("addon_tam")];
    await w.until("both deliveries", async () => {
      await w.desk.drain();
      return (await w.service.store.inbox.backlog()).pending === 2 ? true : null;
    });
    expect((await w.service.sync("full"))?.organizations).toBe(0);
    expect(writesSince(before)).toEqual([]);
    expect(w.crm.journal.slice(crmBefore).some((e) => e.path.endsWith("/batch/update"))).toBe(false);
    const ready = await readiness();
    expect([ready.status, ready.text]).toEqual([200, expect.stringContaining("paused since")]);
    expect(await (await fetch(`${w.service.url}/metrics`)).text()).toContain("ps_paused 1");
    const checked = JSON.parse((await cli(["check", "--json"])).stdout) as { lines: { detail: string }[] };
    expect(checked.lines.some((line) => line.detail.startsWith("Paused since"))).toBe(true);
    const resumed = await cli(["resume", "--json"]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ paused: false, pending: 2 });
    const records = await Promise.all(ids.map((id) => w.settled(id)));
    expect(records.map((r) => r.state)).toEqual(["written", "written"]);
    expect(ids.map(puts)).toEqual([1, 1]);
    expect((await w.service.store.inbox.backlog()).parked).toBe(0);
  });

  test("what a sync would have written while paused is written by the next one", async () => {
    const { companyId } = w.customer("arr_eur");
    const { organizationId } = w.customer("arr_eur");
    const tierOf = () => w.desk.state.organizations.get(organizationId)?.fields.ps_tier;
    const before = tierOf();
    await cli(["pause"]);
    await override("arr_eur", "pin", "standard");
    w.clock.advanceTo(w.clock.now() + 61_000);
    await w.service.sync([companyId]);
    expect(tierOf()).toBe(before);
    await cli(["resume"]);
    await w.service.sync("changed");
    expect(tierOf()).toBe("ps_tier_standard");
    await endAll();
    await w.service.sync("changed");
    expect(tierOf()).toBe(before);
  });

  test("a sync from the command line refuses to write while paused, and a second pause keeps the first moment", async () => {
    const first = JSON.parse((await cli(["pause", "--json"])).stdout) as { since: string };
    expect(JSON.parse((await cli(["pause", "--json"])).stdout)).toMatchObject({ since: first.since });
    const refused = await cli(["sync"]);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/paused[\s\S]*fix: .*resume/),
    ]);
    await cli(["resume"]);
    expect((await cli(["resume"])).stdout).toContain("Nothing was paused");
  });
});

describe("replay", () => {
  test("lists what is parked with its fix, and puts back one, a ticket's, or all", async () => {
    expect((await cli(["replay"])).stdout).toContain("Nothing is parked");
    const group = [...w.desk.state.groups.values()].find((g) => g.name === "Enterprise Support");
    if (group === undefined) throw new Error("no group");
    w.desk.state.groups.set(group.id, { ...group, name: "Renamed" });
    w.clock.advanceTo(w.clock.now() + 600_000);
    const ids = [create(), create(), create()];
    await w.until("three parked", async () =>
      (await w.service.store.inbox.backlog()).parked === 3 ? true : null,
    );
    const shown = await cli(["replay"]);
    expect(shown.status).toBe(1);
    for (const id of ids) expect(shown.stdout).toContain(` ${id} `);
    const list = JSON.parse((await cli(["replay", "--json"])).stdout) as {
      total: number;
      parked: { id: string; ticketId: string; reason: string; fix: string }[];
    };
    expect(list.total).toBe(3);
    expect(list.parked.every((one) => one.reason.includes("Enterprise Support") && one.fix.length > 10)).toBe(
      true,
    );
    w.desk.state.groups.set(group.id, group);
    w.clock.advanceTo(w.clock.now() + 600_000);
    const [first] = list.parked;
    expect(JSON.parse((await cli(["replay", first?.id ?? "", "--json"])).stdout)).toEqual({ replayed: 1 });
    const second = list.parked[1]?.ticketId ?? "";
    expect((await cli(["replay", second])).stdout).toContain("1 put back");
    expect((await cli(["replay", "--all"])).stdout).toContain("1 put back");
    expect((await Promise.all(ids.map((id) => w.settled(id)))).map((r) => r.state)).toEqual(
      ids.map(() => "written"),
    );
    const none = await cli(["replay", "nothing"]);
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining("fix:")]);
  });
});

describe("override", () => {
  test("is followed by new tickets at once and by both sides at the next sync, until it ends", async () => {
    const { organizationId, companyId } = w.customer("standalone");
    const tierOf = () => w.desk.state.organizations.get(organizationId)?.fields.ps_tier;
    const before = tierOf();
    const id = await override("standalone", "pin", "enterprise");
    const ticket = create("standalone");
    expect((await w.settled(ticket)).decision).toMatchObject({ tier: "enterprise", basis: "override" });
    await w.service.sync("changed");
    expect(tierOf()).toBe("ps_tier_enterprise");
    expect(w.crm.state.value(companyId, "support_tier")).toBe("enterprise");
    expect(await endOverride(w.service.store, w.policy, id, "kim", w.clock.now())).toBeNull();
    await w.service.sync("changed");
    expect(tierOf()).toBe(before);
    const after = create("standalone");
    expect((await w.settled(after)).decision).toMatchObject({ tier: "standard" });
  });

  test("is added, listed and ended from the command line, and stays in the history", async () => {
    const { companyId } = w.customer("arr_jpy");
    const added = await cli([
      ...["override", "add", "--account", companyId, "--kind", "floor", "--tier", "enterprise", "--json"],
      ...["--reason", "Escalation 4711", "--approved-by", "lee@acme.example", "--expires", inDays(30)],
    ]);
    expect([added.status, added.stderr]).toEqual([0, ""]);
    const { id, accountId } = JSON.parse(added.stdout) as { id: string; accountId: string };
    expect(accountId).toBe(`hubspot:${companyId}`);
    expect(await w.service.store.accounts.pending(null, 10)).toContain(accountId);
    expect((await cli(["override", "list"])).stdout).toContain(id);
    const ended = await cli(["override", "end", id, "--by", "kim@acme.example"]);
    expect([ended.status, ended.stderr]).toEqual([0, ""]);
    expect(await listed("--history")).toContainEqual(
      expect.objectContaining({ id, state: "over", endedBy: "kim@acme.example", from: "store" }),
    );
    expect((await listed()).some((one) => one.id === id)).toBe(false);
    expect((await cli(["override", "end", id])).status).toBe(2);
  });

  test("begins and ends by itself: the account is looked at again when its time comes", async () => {
    const { companyId } = w.customer("arr_jpy");
    await markTurning(w.service.store, w.policy, w.clock.now());
    await override("arr_jpy", "cap", "standard", w.clock.now() + 3_600_000);
    await w.service.sync("changed");
    expect(await markTurning(w.service.store, w.policy, w.clock.now())).toEqual([]);
    w.clock.advanceTo(w.clock.now() + 3_700_000);
    expect(await markTurning(w.service.store, w.policy, w.clock.now())).toEqual([`hubspot:${companyId}`]);
    expect(await w.service.store.accounts.pending(null, 10)).toEqual([`hubspot:${companyId}`]);
    await endAll();
    await w.service.sync("changed");
  });

  test("with several mistakes is refused with a fix for each, and nothing is kept", async () => {
    const answer = await cli([
      ...["override", "add", "--account", "999", "--kind", "ceiling", "--tier", "platinum"],
      ...["--reason", " ", "--approved-by", "kim", "--expires", "soon"],
    ]);
    expect(answer.status).toBe(2);
    for (const word of ["999", "ceiling", "platinum", "reason", "soon"])
      expect(answer.stderr).toContain(word);
    expect(answer.stderr.match(/^fix: /gm)).toHaveLength(5);
  });

  test("without an end, or with one too far away, is refused", async () => {
    const { companyId } = w.customer("arr_eur");
    const base = ["override", "add", "--account", companyId, "--kind", "floor", "--tier", "pro"];
    const who = ["--reason", "r", "--approved-by", "kim"];
    expect((await cli([...base, ...who])).status).toBe(2);
    const far = await cli([...base, ...who, "--expires", "2099-01-01"]);
    expect([far.status, far.stderr]).toEqual([2, expect.stringContaining("overrides.max_days")]);
  });
});

describe("backup", () => {
  test("is a whole copy of a store in use, is private, and overwrites nothing", async () => {
    const file = join(folder, "copy.db");
    const id = create();
    await w.settled(id);
    const answer = await cli(["backup", file]);
    expect([answer.status, answer.stderr]).toEqual([0, ""]);
    expect(statSync(file).mode & 0o077).toBe(0);
    const copy = await openStore(`sqlite:${file}`, { warn: () => undefined });
    expect((await copy.ledger.decisionsOf(id)).map((one) => one.state)).toEqual(["written"]);
    expect(await copy.accounts.count()).toBe(await w.service.store.accounts.count());
    await copy.close();
    const again = await cli(["backup", file]);
    expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/never overwrites\nfix: /)]);
  });

  test("of a store that is not there makes neither", async () => {
    const file = join(folder, "none.db");
    const answer = await cli(["backup", file], {
      ...w.env,
      DATABASE_URL: `sqlite:${join(folder, "absent.db")}`,
    });
    expect([answer.status, existsSync(file), existsSync(join(folder, "absent.db"))]).toEqual([
      2,
      false,
      false,
    ]);
  });

  test("of PostgreSQL is that database's own affair: the command is named, the password is not", async () => {
    const answer = await cli(["backup", "it's.dump"], {
      ...w.env,
      DATABASE_URL: "postgres://app:hunter2@db.acme.example/support",
    });
    expect(answer.status).toBe(2);
    expect(answer.stderr).toContain("pg_dump --format=custom");
    expect(answer.stderr).toContain("--dbname=postgres://app@db.acme.example/support");
    expect(answer.stderr).toContain(`--file='it'\\''s.dump'`);
    expect(answer.stderr).not.toContain("hunter2");
  });
});

describe("forget", () => {
  test("shows what would go, and removes it only when told to", async () => {
    const { organizationId, companyId } = w.customer("addon_tam");
    const id = create("addon_tam");
    await w.settled(id);
    const shown = await cli(["forget", "--organization", organizationId]);
    expect([shown.status, shown.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    expect(await w.service.store.accounts.get(`hubspot:${companyId}`)).not.toBeNull();
    const gone = await cli(["forget", "--organization", organizationId, "--yes", "--json"]);
    expect(JSON.parse(gone.stdout)).toMatchObject({
      forgotten: true,
      counts: { accounts: 1, entitlements: 1, links: 1, organizations: 1 },
    });
    expect(await w.service.store.accounts.get(`hubspot:${companyId}`)).toBeNull();
    expect(await w.service.store.ledger.decisionsOf(id)).toEqual([]);
    const again = await cli(["forget", "--organization", organizationId, "--yes"]);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("fix:")]);
  });
});

/** Keeps an override for the company that plays `role`, by the installation's clock; answers its id. */
async function override(
  role: string,
  kind: string,
  tier: string,
  starts: number | null = null,
): Promise<string> {
  const id = `ov-${role}`;
  const wish = {
    accountId: w.customer(role).companyId,
    kind,
    tier,
    reason: "Escalation 4711",
    approvedBy: "lee@acme.example",
    starts: starts === null ? null : new Date(starts).toISOString(),
    expires: new Date(w.clock.now() + 30 * 86_400_000).toISOString(),
  };
  const made = await addOverride(w.service.store, w.policy, wish, id, w.clock.now());
  if ("problems" in made) throw new Error(JSON.stringify(made.problems));
  return id;
}

async function endAll(): Promise<void> {
  for (const one of await w.service.store.overrides.list())
    await endOverride(w.service.store, w.policy, one.id, null, w.clock.now());
}

/** A day of the real calendar, which is the command line's. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

async function listed(...more: readonly string[]): Promise<readonly { id: string; state: string }[]> {
  const answer = await cli(["override", "list", "--json", ...more]);
  return (JSON.parse(answer.stdout) as { overrides: { id: string; state: string }[] }).overrides;
}
