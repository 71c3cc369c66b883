import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

whereChromiumIs("the console", (program) => {
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
  const url = (): string => installation.world.service.url;
  const open = (path: string, who = admin, options = {}) => openPage(browser, url(), who, path, options);

  async function newTicket(subject = "x"): Promise<string> {
    const { world } = installation;
    const from = world.customer("addon_tam").email;
    const { id } = world.desk.createTicket({ from, channel: "email", subject, comment: { body: "y" } });
    await world.settled(id);
    return id;
  }

  describe("signing in", () => {
    test("the one-time link opens the console, and its token leaves the address at once", async () => {
      const token = await installation.link("admin");
      const { page, close } = await open(`/console#token=${token}`, installation.nobody);
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      expect(page.url()).toBe(`${url()}/console`);
      await close();
      const again = await open(`/console#token=${token}`, installation.nobody);
      await again.page.getByRole("alert").waitFor();
      expect(await again.page.getByRole("alert").textContent()).toMatch(/used before.*new one made/s);
      expect(await axeFindings(again.page)).toEqual([]);
      await again.close();
    });

    test("signing out leads back to how one signs in", async () => {
      const { page, close } = await open("/console", await installation.as("agent"));
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await page.getByText("console link").count()).toBe(1);
      await close();
    });
  });

  describe("the switches", () => {
    test("an administrator is asked before writing is paused, and every page then says so", async () => {
      const { page, close } = await open("/console");
      await page.getByRole("button", { name: "Pause writing" }).click();
      const question = page.getByRole("alertdialog");
      await question.getByRole("button", { name: "Cancel" }).click();
      expect(await page.getByText("Live", { exact: true }).count()).toBe(1);
      await page.getByRole("button", { name: "Pause writing" }).click();
      expect(await axeFindings(page)).toEqual([]);
      await question.getByRole("button", { name: "Pause writing" }).click();
      await page.getByText("Paused", { exact: true }).waitFor();
      await page.getByRole("link", { name: "See all" }).click();
      await page.getByRole("heading", { name: "Tickets" }).waitFor();
      expect(await page.getByText("Paused", { exact: true }).count()).toBe(1);
      await page.getByRole("button", { name: "Overview" }).click();
      await page.getByRole("button", { name: "Resume writing" }).click();
      await question.getByRole("button", { name: "Resume writing" }).click();
      await page.getByText("Live", { exact: true }).waitFor();
      await close();
    });

    test("an agent sees the state and no switch", async () => {
      const { page, close } = await open("/console", await installation.as("agent"));
      await page.getByText("Live", { exact: true }).waitFor();
      await page.getByRole("heading", { name: "Queue" }).waitFor();
      expect(await page.getByRole("button", { name: /Pause|Simulate|Check now/ }).count()).toBe(0);
      await close();
    });
  });

  describe("a ticket", () => {
    test("comes into the open list by itself, and its page tells before and after, why, and that the SLA hangs on it", async () => {
      const { page, close } = await open("/console/tickets");
      await page.getByRole("heading", { name: "Tickets" }).waitFor();
      const id = await newTicket();
      await page.getByRole("row", { name: new RegExp(`#${id} `) }).click();
      await page.getByRole("heading", { name: `Ticket #${id}` }).waitFor();
      const text = (await page.locator("main").innerText()).replaceAll("\n", " ");
      expect(text).toMatch(/none → high/);
      expect(text).toMatch(/add-on gives/);
      expect(text).toMatch(/PS Enterprise Support is attached/);
      expect(text).toMatch(/First reply\s+30 min/);
      expect(await page.title()).toBe("Tickets · Priority Support");
      await close();
    });

    test("is found by its number, by tier and by what happened, and the address keeps what was asked", async () => {
      const id = await newTicket();
      const { page, close } = await open(`/console/tickets?ticket=${id}`);
      await page.getByRole("row", { name: new RegExp(`#${id} `) }).waitFor();
      expect(await page.getByRole("row").count()).toBe(2);
      await page.getByLabel("What happened").selectOption("simulated");
      await page.getByText("No decision fits").waitFor();
      expect(new URL(page.url()).search).toBe(`?ticket=${id}&state=simulated`);
      await page.getByLabel("What happened").selectOption("");
      await page.getByLabel("Tier").selectOption("enterprise_support");
      await page.getByRole("row", { name: new RegExp(`#${id} `) }).waitFor();
      await close();
    });

    test("that is not known says so, and what to do", async () => {
      const { page, close } = await open("/console/tickets/987654");
      await page.getByRole("alert").waitFor();
      expect(await page.getByRole("alert").innerText()).toMatch(/Nothing was decided.*Check the number/s);
      await close();
    });
  });

  test("a list is walked and a row opened with the keyboard alone", async () => {
    const id = await newTicket();
    const { page, close } = await open(`/console/tickets?ticket=${id}`);
    const row = page.getByRole("row", { name: new RegExp(`#${id} `) });
    await row.waitFor();
    await page.getByRole("checkbox").focus();
    await page.keyboard.press("Tab");
    expect(await row.and(page.locator(":focus")).count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Ticket #${id}` }).waitFor();
    await close();
  });

  test("while the service restarts the page says so, and goes on by itself", async () => {
    const { page, close } = await open("/console");
    await page.getByRole("heading", { name: "Queue" }).waitFor();
    await installation.world.service.stop();
    await page.getByText("it reconnects by itself").waitFor();
    expect(await page.getByRole("heading", { name: "Queue" }).count()).toBe(1);
    await installation.world.restart();
    await page.getByText("it reconnects by itself").waitFor({ state: "detached", timeout: 20_000 });
    await close();
  }, 60_000);

  test("ten thousand decisions are scrolled through without a hang: only those in sight are drawn", async () => {
    const id = await newTicket();
    const { body } = await admin.call("GET", `/api/v1/decisions?ticket=${id}`);
    const [one] = (body as { readonly decisions: readonly object[] }).decisions;
    const { page, close } = await open("/console");
    // The pages of a long list, as the service would answer them.
    await page.route("**/api/v1/decisions?**", async (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const from = Number(asked.get("cursor") ?? "0");
      const limit = Number(asked.get("limit"));
      const decisions = Array.from({ length: Math.min(limit, 10_000 - from) }, (_, i) => ({
        ...one,
        id: `row ${from + i}`,
        ticketId: String(from + i),
      }));
      const next = from + limit >= 10_000 ? null : String(from + limit);
      await route.fulfill({ json: { decisions, next } });
    });
    await page.getByRole("link", { name: "See all" }).click();
    const list = page.getByRole("table");
    await list.waitFor();
    const rowCount = async () => Number(await list.getAttribute("aria-rowcount"));
    await installation.world.until("the whole list", async () => {
      await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
      return (await rowCount()) === 10_001 ? true : null;
    });
    await page.getByRole("row", { name: /^#9999 / }).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    const started = Date.now();
    for (const part of [0.1, 0.9, 0.3, 0.7, 0.5])
      await list.evaluate((box, to) => box.scrollTo(0, box.scrollHeight * to), part);
    await page
      .getByRole("row", { name: /^#50\d\d / })
      .first()
      .waitFor();
    expect(Date.now() - started).toBeLessThan(5_000);
    await close();
  }, 60_000);

  test("what could not be settled is listed with what to do, and tried again from there", async () => {
    const { world } = installation;
    const group = [...world.desk.state.groups.values()].find((one) => one.name === "Premier Support");
    if (group === undefined) throw new Error("the seed has no such group");
    world.desk.state.groups.set(group.id, { ...group, name: "Renamed" });
    // Names of groups are remembered for some minutes.
    world.clock.advanceTo(world.clock.now() + 600_000);
    const from = world.customer("addon_tam").email;
    const { id } = world.desk.createTicket({ from, channel: "email", subject: "x", comment: { body: "y" } });
    const { page, close } = await open("/console/tickets/failed");
    await page.getByRole("link", { name: `#${id}` }).waitFor({ timeout: 25_000 });
    world.desk.state.groups.set(group.id, group);
    world.clock.advanceTo(world.clock.now() + 600_000);
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.getByText("Nothing waits for you").waitFor({ timeout: 25_000 });
    expect(await world.settled(id)).toMatchObject({ state: "written" });
    await close();
  }, 60_000);
});
