import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { holdDemotion, knownCustomer } from "./held.ts";
import { type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

whereChromiumIs("what the console tells about customers", (program) => {
  let browser: Browser;
  let installation: ConsoleWorld;
  let admin: Person;
  beforeAll(async () => {
    [browser, installation] = await Promise.all([openChromium(program), startConsoleWorld()]);
    admin = await installation.as("admin");
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.close();
  });
  // A question that is still fading in has no colours to judge: whoever wants no motion sees it at once.
  const open = (path: string, who = admin) =>
    openPage(browser, installation.world.service.url, who, path, { reducedMotion: "reduce" });

  const known = (role: "arr_eur" | "addon_tam") => knownCustomer(installation, role);

  test("a customer is found by a part of its name, and its page says why it has its tier", async () => {
    const { name } = await known("addon_tam");
    const { page, complaints, close } = await open("/console/customers");
    await page.getByLabel("Name").fill(name.slice(0, 6).toUpperCase());
    await page.waitForURL(/text=/);
    const row = page.getByRole("row").filter({ hasText: name }).first();
    await row.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    const why = page.locator("section").filter({ hasText: "Why this tier" });
    expect(await why.getByRole("listitem").allTextContents()).toContain(
      "The add-on gives Enterprise Support (add-on).",
    );
    expect(await page.getByText("confirmed by the CRM").count()).toBeGreaterThan(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test("the SLA document of a customer's own tier is kept from its page, and its review once there is a past", async () => {
    const { id } = await known("addon_tam");
    const { page, close } = await open(
      `/console/customers/${encodeURIComponent(id)}`,
      await installation.as("agent"),
    );
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "SLA document" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^sla-.*\.html$/);
    expect(readFileSync(await download.path(), "utf8")).toContain("Enterprise Support (add-on)");
    await page.getByRole("button", { name: "Business review" }).click();
    await page.getByRole("alert").getByText("Nothing is remembered of account").waitFor();
    expect(await page.getByRole("button", { name: "internal" }).count()).toBe(0);
    await close();
  });

  describe("held changes", () => {
    test("an administrator sees who would lose what, is asked, and accepts them", async () => {
      const name = await holdDemotion(installation, "run-to-accept");
      const { page, close } = await open("/console/customers/held");
      const row = page.getByRole("row").filter({ hasText: name });
      await row.waitFor();
      expect(await row.textContent()).toMatch(/Enterprise.*Standard/s);
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Accept the changes" }).click();
      const question = page.getByRole("alertdialog");
      expect(await axeFindings(page)).toEqual([]);
      await question.getByRole("button", { name: "Accept the changes" }).click();
      await page.getByText("1 changed record was accepted.").waitFor();
      await page.getByText("Nothing is held").waitFor();
      const { accounts } = installation.world.service.store;
      expect((await accounts.get((await known("arr_eur")).id))?.account.plan).toBeNull();
      await close();
    });

    test("an agent sees them and cannot decide", async () => {
      await holdDemotion(installation, "run-to-look-at");
      const { page, close } = await open("/console/customers/held", await installation.as("agent"));
      await page.getByText("An administrator decides.").waitFor();
      expect(await page.getByRole("button", { name: "Accept the changes" }).count()).toBe(0);
      await close();
    });
  });

  test("an override is added with its reason and last day, and ended again by whoever is asked first", async () => {
    const { id } = await known("addon_tam");
    const { page, close } = await open(`/console/customers/${encodeURIComponent(id)}`);
    await page.getByRole("button", { name: "Add an override" }).click();
    const form = page.getByRole("alertdialog");
    await form.getByRole("button", { name: "Add it" }).click();
    await form.getByRole("alert").waitFor();
    await form.getByLabel("The customer gets").selectOption({ label: "At least this tier" });
    await form.getByLabel("Reason").fill("Promised by the board in writing");
    const inTenDays = new Date(installation.world.clock.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    await form.getByLabel("Last day").fill(inTenDays);
    expect(await axeFindings(page)).toEqual([]);
    await form.getByRole("button", { name: "Add it" }).click();
    const row = page.getByRole("row").filter({ hasText: "Promised by the board" });
    await row.getByText("in force").waitFor();
    expect(await row.textContent()).toContain("admin@acme.example");
    await row.getByRole("button", { name: "End now" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "End now" }).click();
    await row.getByText("ended by admin@acme.example").waitFor();
    expect(await row.getByText("over", { exact: true }).count()).toBe(1);
    await close();
  });

  test("an agent's report stands on the review list until an administrator closes it", async () => {
    const { id } = await known("addon_tam");
    const { reports } = installation.world.service.store.console;
    const note = "<img src=x onerror=alert(1)> should be Pro";
    const told = { id: "report-1", ticketId: "4711", accountId: id, note, reportedBy: "agent@acme.example" };
    await reports.add({ ...told, at: installation.world.clock.now(), closedAt: null, closedBy: null });
    const { page, complaints, close } = await open("/console/customers/review");
    await page
      .getByRole("row")
      .filter({ hasText: note })
      .getByRole("button", { name: "Close report" })
      .click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: "Close report" }).click();
    await page.getByText("No agent doubts a tier.").waitFor();
    expect(await reports.open(10)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  // The path, and a word that stands there when the page is complete.
  test.each([
    ["/console/customers", "Contract end"],
    ["/console/customers/review", "Served but not paid"],
    ["/console/customers/movements", "What time alone changes"],
  ])("%s keeps nobody out, and asks nobody but the service", async (path, word) => {
    const { page, complaints, elsewhere, close } = await open(path);
    await page.getByText(word).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    await close();
  });
});
