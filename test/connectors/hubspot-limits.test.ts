import { afterEach, describe, expect, test } from "@jest/globals";
import { type Client, createClient } from "../../connectors/hubspot/client.ts";
import { hubspotLimits } from "../../connectors/hubspot/limits.ts";
import { accountDetails } from "../../connectors/hubspot/sdk.ts";
import { Paused } from "../../src/errors.ts";
import { createPacer, type PacerOptions } from "../../src/pacing.ts";
import type { Notice } from "../../src/ports.ts";
import { type HubspotOptions, type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { type FastTime, fastTime } from "./limits-kit.ts";

const TUESDAY = Date.UTC(2026, 5, 9, 14, 0, 0);
const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function sandbox(options: Partial<HubspotOptions>): Promise<HubspotSandbox> {
  const crm = await startHubspotSandbox({ companies: [], ...options });
  closes.push(() => crm.close());
  return crm;
}

function instance(
  crm: { readonly url: string; readonly token: string },
  time: FastTime,
  over: Partial<PacerOptions> = {},
  token: () => string = () => crm.token,
): Client {
  const pacer = createPacer({
    upstream: "HubSpot",
    ...hubspotLimits,
    headroom: 0.1,
    now: time.now,
    patienceMs: 60_000,
    credentials: token,
    time,
    ...over,
  });
  closes.push(pacer.stop);
  return createClient({ url: crm.url, token, pacer, now: time.now, sleep: time.sleep });
}

function ask(client: Client): Promise<unknown> {
  return client.exchange({ request: accountDetails(), lane: "tier_change", tries: 1 }).then(
    () => null,
    (error: unknown) => error,
  );
}

describe("A HubSpot token that is refused", () => {
  test("is not tried again until it changes, and people hear of it once", async () => {
    const time = fastTime(60, TUESDAY);
    const crm = await sandbox({ now: time.now });
    const told: Notice[] = [];
    const state = { token: "pat-na1-wrong" };
    const alarm = { raise: (notice: Notice) => void told.push(notice), over: () => {} };
    const client = instance(crm, time, { alarm }, () => state.token);
    for (let minute = 0; minute < 10; minute += 1)
      expect(await ask(client)).toMatchObject({ name: "Paused", fix: expect.stringContaining("HUBSPOT") });
    expect(crm.journal).toHaveLength(1);
    expect(told.map(({ key }) => key)).toEqual(["refused:HubSpot"]);
    expect(JSON.stringify(told)).not.toContain("pat-na1-wrong");
    state.token = crm.token;
    expect(await ask(client)).toBeNull();
  });
});

describe("A HubSpot day that is used up", () => {
  test("stops every call until midnight, and people are told", async () => {
    const time = fastTime(60, TUESDAY);
    const crm = await sandbox({ now: time.now, limits: { perDay: 20 } });
    const told: string[] = [];
    const alarm = { raise: ({ key }: Notice) => void told.push(key), over: () => {} };
    const client = instance(crm, time, { alarm });
    for (let call = 0; call < 30; call += 1) await ask(client);
    const asked = crm.journal.length;
    expect(await ask(client)).toBeInstanceOf(Paused);
    expect(crm.journal.length).toBe(asked);
    expect(asked).toBeLessThanOrEqual(22);
    expect(told).toEqual(["held_back:HubSpot"]);
  });
});
