import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { openSession } from "../../src/console/sessions.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { choices, companyDefinitions, definition } from "../../src/sandbox/hubspot.ts";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { type ConsoleWorld, type Person, person, startConsoleWorld } from "./world.ts";

const EVIL = "<img src=x onerror=\"document.title='owned'\">";
const MANY = Array.from({ length: 1_000 }, (_, at) => definition(`own_${at}`, `Own ${at}`, "string"));

whereChromiumIs("the mapping page", (program) => {
  let browser: Browser;
  let installation: ConsoleWorld;
  let service: Service;
  let admin: Person;
  const folder = mkdtempSync(join(tmpdir(), "mapping-"));
  beforeAll(async () => {
    const edition = definition("edition", `Edition ${EVIL}`, "enumeration", {
      options: choices("Gold", EVIL),
    });
    const properties = [...companyDefinitions("text"), edition, ...MANY];
    [browser, installation] = await Promise.all([
      openChromium(program),
      startConsoleWorld({ synced: false, silentDesk: true, crm: { properties } }),
    ]);
    const { world } = installation;
    world.crm.setCompany(world.customer("arr_eur").companyId, { edition: EVIL });
    // Beside the first one, without a policy file of its own name: this one's console may publish.
    const env = { ...world.env, PORT: "0", DATABASE_URL: `sqlite:${join(folder, "store.db")}` };
    const config = { ...readConfig(env, connectorSettings), policyFileExplicit: false };
    const options = { simulate: true, setup: false, clock: world.clock, log: silent, syncEveryMs: 0 };
    service = await startService(config, options);
    await service.sync("full");
    const who = { email: "kim@acme.example", role: "admin", how: "link" } as const;
    admin = person(service.url, await openSession(service.store.console.sessions, who, world.clock.now()));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await installation?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (options = {}) => openPage(browser, service.url, admin, "/console/mapping", options);
  const choose = async (page: Page, fact: string, property: string): Promise<void> => {
    await page.getByLabel(fact, { exact: true }).fill(property);
    await page.getByLabel(fact, { exact: true }).press("Enter");
  };

  test("a thousand properties are looked through at once, and what stands in them is only text", async () => {
    const { page, complaints, elsewhere, close } = await open({ colorScheme: "dark" });
    await page.getByRole("heading", { name: /All properties of the CRM 1,0\d\d/ }).waitFor();
    await page.getByLabel("Name or label").fill("Own 987");
    await page.getByRole("row", { name: /own_987/ }).waitFor();
    await page.getByLabel("Name or label").fill("edition");
    await page.getByRole("row", { name: /edition/ }).waitFor();
    await choose(page, "Plan", "edition");
    await page.getByRole("heading", { name: "Values of edition and their tiers" }).waitFor();
    await page.getByLabel(`Tier of ${EVIL}`).waitFor();
    await page
      .getByRole("status")
      .getByText(/accounts? goe?s? ?down/)
      .waitFor();
    expect(await page.title()).toBe("Mapping · Priority Support");
    expect(await axeFindings(page)).toEqual([]);
    expect([complaints, elsewhere]).toEqual([[], []]);
    await close();
  });

  test("a field is mapped and what it would do is seen at once; the customers' own turnover is refused as ARR", async () => {
    const { page, close } = await open();
    await page
      .getByText(/Every value|stand for no tier|stands for no tier/)
      .first()
      .waitFor();
    await choose(page, "Plan", "edition");
    await page
      .getByRole("status")
      .getByText(/accounts? goe?s? ?down/)
      .waitFor();
    const before = await page.getByRole("status").innerText();
    expect(before).not.toMatch(/· 0 accounts go down/);
    await page.getByLabel(`Tier of ${EVIL}`).selectOption("enterprise");
    await page.getByRole("heading", { name: "What these 2 choices would do" }).waitFor();
    await page.getByRole("status").getByText(/go/).waitFor();
    await choose(page, "ARR", "annualrevenue");
    await page.getByText(/own yearly turnover, not what they pay you/).waitFor();
    expect(await page.getByRole("button", { name: "Use this in a policy draft" }).isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Discard" }).press("Enter");
    expect(await page.getByLabel("ARR", { exact: true }).inputValue()).toBe("arr");
    await close();
  });

  test("what was chosen goes into a draft of the policy, and is published there", async () => {
    const { page, close } = await open();
    await page.getByLabel(/^Tier of Platinum/).selectOption("pro");
    await page.getByRole("button", { name: "Use this in a policy draft" }).click();
    await page.getByText("This draft comes from the mapping page").waitFor();
    expect(await page.getByLabel("The policy as YAML").inputValue()).toMatch(/^ {2}Platinum.*: pro$/m);
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 2026-06.2, in force").waitFor();
    expect([...service.policy().planMap.keys()].some((plan) => /platinum/i.test(plan))).toBe(true);
    await close();
  });

  test("while the CRM does not answer, what it said before stays, with its age", async () => {
    const { world } = installation;
    world.clock.advanceTo(world.clock.now() + 5 * 60_000);
    world.crm.fault({ status: 503, times: Number.POSITIVE_INFINITY });
    const { page, close } = await open();
    await page.getByText(/What you see was read/).waitFor();
    expect(await page.getByLabel("Plan", { exact: true }).inputValue()).toBe("plan_tier");
    world.crm.clearFaults();
    await close();
  });
});
