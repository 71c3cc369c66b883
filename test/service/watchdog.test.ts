import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { connectorSettings, openDesk } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import type { Log } from "../../src/log.ts";
import type { Notice } from "../../src/ports.ts";
import { openWatchdog, type Watchdog } from "../../src/watchdog.ts";
import { startWorld, type World } from "../flow/world.ts";

const DISTURBED = "the help desk does not tell us about new tickets";
const HEALED = "the help desk tells us about new tickets again";

let w: World;
let stop = (): void => {};
let watchdog: Watchdog;
let lines: string[];
let told: string[];
beforeAll(async () => {
  w = await startWorld({ synced: false });
});
afterAll(() => w.close());
beforeEach(() => {
  lines = [];
  told = [];
  const log: Log = {
    debug: () => {},
    info: (_fields, message) => void lines.push(`info ${message}`),
    warn: (_fields, message) => void lines.push(`warn ${message}`),
    error: (_fields, message) => void lines.push(`error ${message}`),
  };
  const config = readConfig(w.env, connectorSettings);
  const desk = openDesk(config, w.policy, w.clock);
  stop = desk.stop;
  const alarm = {
    raise: ({ key, lines: said }: Notice) => void told.push(`${key}: ${said.join(" ")}`),
    over: (key: string) => void told.push(`${key} is over`),
  };
  watchdog = openWatchdog({ desk: desk.port, publicUrl: config.publicUrl, log, alarm });
});

/** Changes our webhook, or the trigger that fires it; the answer puts it back. */
function disturbed(what: "webhooks" | "triggers", change: object | null): () => void {
  const found =
    what === "webhooks"
      ? [...w.desk.state.webhooks.values()][0]
      : [...w.desk.state.triggers.values()].find((one) => one.title === "Tell priority-support");
  if (found === undefined) throw new Error(`no ${what}`);
  const table = w.desk.state[what] as Map<string, object>;
  if (change === null) table.delete(found.id);
  else table.set(found.id, { ...found, ...change });
  return () => void table.set(found.id, found);
}

describe("the way in", () => {
  test("is quiet while webhook and trigger are as they should be", async () => {
    expect(await watchdog.look()).toEqual([]);
    expect(lines).toEqual([]);
    stop();
  });

  test.each([
    ["the webhook is inactive", "webhooks", { status: "inactive" }, "inactive"],
    ["the webhook is gone", "webhooks", null, "No webhook calls"],
    [
      "the webhook calls another address",
      "webhooks",
      { endpoint: "https://x.example/webhooks/zendesk" },
      "x.example",
    ],
    ["the webhook sends forms", "webhooks", { requestFormat: "form_encoded" }, "JSON"],
    ["the trigger is inactive", "triggers", { active: false }, "inactive"],
    ["the trigger is gone", "triggers", null, "No trigger calls"],
    ["the trigger was edited and calls nobody", "triggers", { actions: [] }, "No trigger calls"],
  ] as const)(
    "is told once when %s, and once when it is right again",
    async (_what, table, change, words) => {
      const back = disturbed(table, change);
      const [first] = await watchdog.look();
      expect(first?.detail).toContain(words);
      expect(first?.fix?.length).toBeGreaterThan(10);
      await watchdog.look();
      expect(lines).toEqual([`error ${DISTURBED}`]);
      back();
      expect(await watchdog.look()).toEqual([]);
      await watchdog.look();
      expect(lines).toEqual([`error ${DISTURBED}`, `info ${HEALED}`]);
      const notice = expect.stringMatching(/^webhook_broken: .* fix: .*the sweep finds new tickets/);
      expect(told).toEqual([notice, notice, "webhook_broken is over"]);
      stop();
    },
  );

  test("is not called broken because the help desk did not answer once", async () => {
    const back = w.desk.fault({ method: "GET", path: "/api/v2/webhooks", times: 1, status: 500, body: {} });
    expect(await watchdog.look()).toEqual([]);
    expect(lines).toEqual(["warn webhook and trigger could not be looked at"]);
    back();
    stop();
  });

  test("is shown to those on call by /readyz and /metrics, and keeps no instance out of service", async () => {
    const back = disturbed("webhooks", { status: "inactive" });
    expect(await w.service.upkeep.watch()).toEqual([expect.stringContaining("inactive")]);
    const ready = await fetch(`${w.service.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining("inactive")]);
    expect(await (await fetch(`${w.service.url}/metrics`)).text()).toContain("ps_webhook_problems 1");
    back();
    await w.service.upkeep.watch();
    expect(await (await fetch(`${w.service.url}/readyz`)).text()).toContain("calls us");
    stop();
  });
});
