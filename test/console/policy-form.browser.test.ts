import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { openSession } from "../../src/console/sessions.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import type { ConsoleRole } from "../../src/ports.ts";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { at, type ConsoleWorld, type Person, person, startConsoleWorld } from "./world.ts";

whereChromiumIs("the tiers as a form", (program) => {
  let browser: Browser;
  let around: ConsoleWorld;
  /** No policy file was named: the console may publish. */
  let service: Service;
  const folder = mkdtempSync(join(tmpdir(), "form-"));
  const as = async (role: ConsoleRole): Promise<Person> => {
    const who = { email: `${role}@acme.example`, role, how: "link" } as const;
    const sessions = service.store.console.sessions;
    return person(service.url, await openSession(sessions, who, around.world.clock.now()));
  };
  beforeAll(async () => {
    [browser, around] = await Promise.all([
      openChromium(program),
      startConsoleWorld({ synced: false, silentDesk: true }),
    ]);
    const env = { ...around.world.env, PORT: "0", DATABASE_URL: `sqlite:${join(folder, "store.db")}` };
    const config = { ...readConfig(env, connectorSettings), policyFileExplicit: false };
    const { clock } = around.world;
    service = await startService(config, {
      simulate: false,
      setup: false,
      clock,
      log: silent,
      syncEveryMs: 0,
    });
    await service.sync("full");
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await around?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a threshold is changed in the form, put right where the linter says so, tried and published", async () => {
    const admin = await as("admin");
    const before = String(at(await admin.call("GET", "/api/v1/policy"), "yaml"));
    const { page, complaints, close } = await openPage(browser, service.url, admin, "/console/policy/form");
    const tier = page.getByRole("region", { name: "Enterprise", exact: true });
    const enter = tier.getByLabel("ARR to enter");
    await tier.getByText("ARR at or above which an account gets the tier.").waitFor();
    await enter.fill("80000");
    await enter.press("Tab");
    const stay = tier.getByLabel("ARR to stay");
    await tier.getByText(/is left at 90000 but entered at 80000/).waitFor();
    expect(await stay.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("button", { name: "What would change" }).isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await enter.fill("900000");
    await enter.press("Enter");
    await page.getByRole("heading", { name: "No errors, 2 warnings" }).waitFor();

    await page.getByRole("link", { name: "YAML" }).click();
    const text = page.getByLabel("The policy as YAML");
    const draft = await text.inputValue();
    const lines = new Set(before.split("\n"));
    expect(draft.split("\n").filter((line) => !lines.has(line))).toEqual([
      expect.stringMatching(/^policy_version: /),
      expect.stringMatching(/arr: \{enter: 900000, exit: 90000\}/),
    ]);
    await page.getByRole("link", { name: "Tiers as a form" }).click();
    await tier.getByLabel("ARR to stay").fill("800000");
    await tier.getByLabel("ARR to stay").press("Enter");
    await page.getByRole("button", { name: "What would change" }).click();
    await page.getByRole("heading", { name: /go(es)? down/ }).waitFor();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Publish" }).click();
    const [, version = ""] = /^policy_version: "?([^"\n]+)/m.exec(draft) ?? [];
    await page.getByText(`Version ${version}, in force`).waitFor();
    const published = String(at(await admin.call("GET", "/api/v1/policy"), "yaml"));
    expect(published).toContain("{enter: 900000, exit: 800000}");
    expect(complaints).toEqual([]);
    await close();
  });

  test("priorities are chosen with the keyboard, and what is half typed is taken back by Escape", async () => {
    const { page, close } = await openPage(browser, service.url, await as("admin"), "/console/policy/form");
    const tier = page.getByRole("region", { name: "Pro", exact: true });
    const name = tier.getByLabel("Name", { exact: true });
    await name.fill("Prof");
    await name.press("Escape");
    expect(await name.inputValue()).toBe("Pro");
    await tier.getByLabel("urgent", { exact: true }).press("Space");
    await tier.locator("input:checked[type=checkbox] ~ *", { hasText: "urgent" }).waitFor();
    await close();
  });

  test("an agent reads the form and changes nothing", async () => {
    const agent = await as("agent");
    const { page, complaints, close } = await openPage(browser, service.url, agent, "/console/policy/form");
    await page.getByText("Only administrators change the policy.").waitFor();
    await page.getByRole("region", { name: "Pro", exact: true }).waitFor();
    const inputs = page.getByRole("main").locator("input, select");
    expect(await inputs.count()).toBeGreaterThan(20);
    for (const one of await inputs.all()) expect(await one.isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Publish" }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test("what a key means stands beside the text, by mouse and by keyboard", async () => {
    const { page, close } = await openPage(browser, service.url, await as("admin"), "/console/policy");
    const help = page.getByRole("region", { name: "What this key means" });
    const text = page.getByLabel("The policy as YAML");
    await text.focus();
    await text.press("Control+Home");
    for (const _line of ["", ""]) await text.press("ArrowDown");
    await help.getByText(/./).first().waitFor();
    const yaml = await text.inputValue();
    const place = yaml.indexOf("overflow_unassigned");
    await text.evaluate((area, to) => {
      (
        area as unknown as { readonly setSelectionRange: (from: number, to: number) => void }
      ).setSelectionRange(to, to);
    }, place);
    await text.press("ArrowRight");
    await help
      .getByText("Unassigned tickets at which the primary group counts as full; null = never.")
      .waitFor();
    await help.getByText(/routing\.overflow_unassigned$/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await close();
  });
});
