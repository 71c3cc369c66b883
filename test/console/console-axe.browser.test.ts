import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

whereChromiumIs("that nothing keeps people out of the console", (program) => {
  let browser: Browser;
  let installation: ConsoleWorld;
  let admin: Person;
  let ticket = "";
  beforeAll(async () => {
    [browser, installation] = await Promise.all([openChromium(program), startConsoleWorld()]);
    admin = await installation.as("admin");
    const { world } = installation;
    const from = world.customer("addon_tam").email;
    ticket = world.desk.createTicket({ from, channel: "email", subject: "x", comment: { body: "y" } }).id;
    await world.settled(ticket);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.close();
  });

  // The path, and a word that stands there when the page is complete.
  test.each([
    ["/console", "Last decisions"],
    ["/console/tickets", "first reply|reply due"],
    ["/console/tickets/failed", "Nothing waits for you"],
    ["/console/tickets/TICKET", "Why, step by step"],
    ["/console/promises", "Next to be late"],
    ["/console/nothing", "There is no such page"],
  ])(
    "%s has nothing that keeps people out in light and dark, and asks nobody but the service",
    async (path, word) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, complaints, elsewhere, close } = await openPage(
          browser,
          installation.world.service.url,
          admin,
          path.replace("TICKET", ticket),
          { colorScheme },
        );
        await page.getByText(new RegExp(word)).first().waitFor();
        expect(await axeFindings(page)).toEqual([]);
        expect(complaints).toEqual([]);
        expect(elsewhere).toEqual([]);
        await close();
      }
    },
  );
});
