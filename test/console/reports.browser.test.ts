import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import type { ConsoleWorld, Person } from "./world.ts";
import { HALF_YEAR, startYear } from "./year.ts";

whereChromiumIs("reports in the console", (program) => {
  let browser: Browser;
  let installation: ConsoleWorld;
  let admin: Person;
  let agent: Person;
  beforeAll(async () => {
    [browser, installation] = await Promise.all([openChromium(program), startYear()]);
    [admin, agent] = [await installation.as("admin"), await installation.as("agent")];
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.close();
  });
  const open = (path: string, who = admin, options = {}) =>
    openPage(browser, installation.world.service.url, who, path, options);

  test("the page of promises says how this month stands against the objective, and whether a tier is worth it", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints, elsewhere, close } = await open("/console/promises", agent, { colorScheme });
      const month = page.getByRole("table", { name: "This month, against the objective" });
      const first = month.getByRole("row", { name: /Enterprise Support.*First reply/ });
      await first.waitFor();
      expect(await first.innerText()).toMatch(/\d+ of \d+[\s\S]*% burnt: \d+ of [\d.]+ misses/);
      await page.getByText(/Enterprise Support \(add-on\) against Enterprise: .*different/).waitFor();
      await page
        .getByRole("img", { name: /First reply, in calendar time.*The table below/ })
        .locator("svg")
        .waitFor();
      await page.getByRole("heading", { name: "What it costs standard customers" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
      await close();
    }
  }, 60_000);

  describe("a report", () => {
    test("follows the window and the time zone that the reader chooses, and its address keeps them", async () => {
      const { page, complaints, close } = await open("/console/reports");
      await page.getByRole("link", { name: "Differentiation" }).click();
      await page.getByText(/Tickets created from .* \(America\/New_York\)/).waitFor();
      await page.getByRole("combobox", { name: "Window", exact: true }).selectOption("lastQuarter");
      await page.getByText("Tickets created from 1 Jan 2026, 00:00 until 1 Apr 2026, 00:00").waitFor();
      await page.getByRole("combobox", { name: "Time zone" }).selectOption("Asia/Tokyo");
      await page.getByText("until 1 Apr 2026, 00:00 (Asia/Tokyo)").waitFor();
      const address = new URL(page.url());
      expect(address.pathname).toBe("/console/reports/differentiation");
      expect(Object.fromEntries(address.searchParams)).toEqual({
        since: "2026-01-01",
        until: "2026-04-01",
        zone: "Asia/Tokyo",
      });
      expect(await page.getByLabel("Last day").inputValue()).toBe("2026-03-31");
      await page.getByRole("link", { name: "Attainment" }).click();
      await page.getByRole("heading", { name: "Service credits owed" }).waitFor();
      await page.getByText("(Asia/Tokyo)").first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    }, 60_000);

    test("is kept as a table with the same figures, and tells an agent nothing of money", async () => {
      const { page, close } = await open(`/console/reports/attainment?${HALF_YEAR}`, agent);
      await page.getByRole("heading", { name: "Targets met, by tier, metric and priority" }).waitFor();
      expect(await page.getByText("Service credits owed").count()).toBe(0);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download as table" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("attainment-2026-06-28.csv");
      const lines = readFileSync(await download.path(), "utf8").split("\r\n");
      const met = lines
        .find((line) => line.includes(",enterprise_support,") && line.includes(",all,"))
        ?.split(",");
      const row = page.getByRole("row", { name: /Enterprise Support.*First reply all/ });
      const cells = await row.getByRole("cell").allInnerTexts();
      expect(met?.[lines[0]?.split(",").indexOf("met") ?? -1]).toBe(cells[3]);
      await close();
    });

    test("of capacity tries a door on paper, and the week says in colour and pattern when it is short", async () => {
      const { page, complaints, close } = await open("/console/reports/capacity");
      await page.getByRole("img", { name: /Premier Support.*The table below/ }).waitFor();
      await page.getByLabel("What if this tier").selectOption({ label: "Enterprise" });
      await page.getByLabel("began at an ARR of").fill("50000");
      await page.getByRole("button", { name: "Work it out" }).click();
      await page.getByText("What if: Enterprise from an ARR of 50,000 instead of 100,000.").waitFor();
      expect(new URL(page.url()).searchParams.get("enter")).toBe("enterprise=50000");
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "As it is" }).click();
      await page.getByText("What if: Enterprise").waitFor({ state: "detached" });
      expect(complaints).toEqual([]);
      await close();
    });

    test("of a time without tickets says so and what to do", async () => {
      const { page, close } = await open("/console/reports/attainment?since=2020-01-01&until=2020-02-01");
      await page.getByText("No tickets yet").waitFor();
      await page.getByText("No target has ended in this window: there is nothing to judge yet.").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await close();
    });

    test("that is not there says so, and one that cannot be made is asked for again", async () => {
      const { page, close } = await open("/console/reports/nothing");
      await page.getByRole("alert").getByText("There is no such report.").waitFor();
      await page.route("**/attainment/shown*", (route) =>
        route.fulfill({ status: 409, json: { error: "x", message: "Not now.", fix: "Ask later." } }),
      );
      await page.getByRole("link", { name: "Attainment" }).click();
      await page.getByRole("alert").getByText("Not now.").waitFor();
      await page.unroute("**/attainment/shown*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Targets met, by tier, metric and priority" }).waitFor();
      await close();
    });

    test("with ten thousand rows is scrolled through: only those in sight are drawn", async () => {
      const { page, close } = await open("/console/reports");
      await page.route("**/differentiation/shown*", async (route) => {
        const answer = (await (await route.fetch()).json()) as { readonly parts: readonly object[] };
        const rows = Array.from({ length: 10_000 }, (_, i) => [`Account ${i}`, String(i % 100)]);
        const table = {
          head: ["Account", "Score"],
          figures: [1],
          rows,
          empty: "",
          links: { column: 0, paths: rows.map((_, i) => `/customers/hubspot%3A${i}`) },
        };
        await route.fulfill({ json: { ...answer, parts: [{ ...answer.parts[0], plot: null, table }] } });
      });
      await page.getByRole("link", { name: "Differentiation" }).click();
      const list = page.getByRole("table");
      await list.getByRole("row", { name: /Account 0 / }).waitFor();
      expect(await list.getAttribute("aria-rowcount")).toBe("10001");
      await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
      await list.getByRole("row", { name: /Account 9999 / }).waitFor();
      expect(await list.getByRole("row").count()).toBeLessThan(60);
      const link = list.getByRole("link", { name: "Account 9999" });
      expect(await link.getAttribute("href")).toBe("/console/customers/hubspot%3A9999");
      await close();
    });
  });
});
