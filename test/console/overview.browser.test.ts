import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { holdDemotion } from "./held.ts";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

whereChromiumIs("what the first page lets people do", (program) => {
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
  const open = (who = admin) =>
    openPage(browser, installation.world.service.url, who, "/console", { reducedMotion: "reduce" });

  async function newTicket(): Promise<string> {
    const { world } = installation;
    const from = world.customer("addon_tam").email;
    const { id } = world.desk.createTicket({ from, channel: "email", subject: "x", comment: { body: "y" } });
    await world.settled(id);
    return id;
  }

  test("what was written on the last ticket is looked at and taken back, and not what came after the look", async () => {
    const id = await newTicket();
    const looked = await admin.call("GET", "/api/v1/undo/tickets?last=1");
    expect(looked.body).toMatchObject({ undoRunId: null, undone: [{ what: `ticket ${id}` }], failed: [] });
    const other = await newTicket();
    const late = await admin.call("POST", "/api/v1/undo/tickets", { last: 1, since: at(looked, "since") });
    expect([late.status, late.body]).toEqual([
      409,
      expect.objectContaining({ fix: expect.stringMatching(/Look again/) }),
    ]);
    const { page, complaints, close } = await open();
    await page.getByRole("button", { name: "Take writes back" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText(`ticket ${other}: followers removed`).waitFor();
    await dialog.getByLabel("How many tickets").selectOption({ label: "The last 5 tickets" });
    await dialog.getByText(`ticket ${id}: followers removed`).waitFor();
    await dialog.getByText("2 tickets would be put back").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Take it back" }).click();
    await dialog.getByText("2 tickets were put back").waitFor({ timeout: 30_000 });
    const { ledger } = installation.world.service.store;
    for (const ticket of [id, other])
      expect((await ledger.decisionsOf(ticket))[0]?.outcome).toMatch(/^undone by /);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  test("changes that the brake holds are refused from the alert itself, by whoever is asked first", async () => {
    await holdDemotion(installation, "run-to-refuse");
    const agent = await open(await installation.as("agent"));
    await agent.page.getByText("The brake holds 1 change").waitFor();
    expect(await agent.page.getByRole("button", { name: "Refuse them" }).count()).toBe(0);
    await agent.close();
    const { page, close } = await open();
    await page.getByRole("button", { name: "Refuse them" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Refuse them" }).click();
    await page.getByText("1 changed record was refused.").waitFor();
    await page.getByText("The brake holds").waitFor({ state: "detached" });
    expect(await installation.world.service.store.guard.waiting()).toEqual([]);
    await close();
  });

  test("the order of SLA policies is told as found and as it should be", async () => {
    const { slaPolicies } = installation.world.desk.state;
    const all = [...slaPolicies];
    for (const [i, [id, one]] of all.entries())
      slaPolicies.set(id, { ...one, position: all.at(-1 - i)?.[1].position ?? 0 });
    const { page, close } = await open();
    await page.getByRole("button", { name: "Check now" }).click();
    await page
      .getByText(/SLA order: Found .* > .*; the first that fits is applied/)
      .waitFor({ timeout: 20_000 });
    await page
      .getByText(/Put them in this order .*: PS Enterprise Support > PS Enterprise > PS Pro/)
      .waitFor();
    await close();
  }, 60_000);
});
