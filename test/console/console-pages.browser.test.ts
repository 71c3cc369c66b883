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

  test.each([
    ["/console", "Overview", "light"],
    ["/console", "Overview", "dark"],
    ["/console/tickets", "Tickets", "light"],
    ["/console/tickets", "Tickets", "dark"],
    ["/console/tickets/failed", "Tickets", "light"],
    ["/console/promises", "Promises", "light"],
    ["/console/promises", "Promises", "dark"],
    ["/console/nothing", "There is no such page", "light"],
  ] as const)(
    "%s (%s, %s) has nothing that keeps people out, and asks nobody but the service",
    async (path, name, colorScheme) => {
      await newTicket();
      const { page, complaints, elsewhere, close } = await open(path, admin, { colorScheme });
      await page.getByText(name).first().waitFor();
      await page.getByText("Loading…").first().waitFor({ state: "detached" });
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
      await close();
    },
  );

  test("a ticket's page has nothing that keeps people out, in light and dark", async () => {
    const id = await newTicket();
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints, close } = await open(`/console/tickets/${id}`, admin, { colorScheme });
      await page.getByRole("heading", { name: "Why, step by step" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    }
  });
});
