import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { beforeSetUp, type SetUpWorld } from "./set-up-world.ts";

whereChromiumIs("the way from nothing to a verified test ticket", (program) => {
  let browser: Browser;
  let world: SetUpWorld;
  beforeAll(async () => {
    [browser, world] = await Promise.all([openChromium(program), beforeSetUp()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  const open = async (role: "admin" | "agent" = "admin", options = {}) =>
    openPage(browser, world.url(), await world.as(role), "/console/setup", options);
  const agree = (page: Page, name: string) =>
    page.getByRole("alertdialog").getByRole("button", { name }).click();
  const isDone = (page: Page, step: string) =>
    page.getByRole("button", { name: new RegExp(`${step} Done`) }).waitFor();

  test("set-up mode leads as far as the plan, by keyboard, and says what comes next", async () => {
    await world.start({ setup: true }, { ZENDESK_API_TOKEN: "", ZENDESK_EMAIL: "kim@acme.example/token" });
    const missing = await open();
    await missing.page.getByText("ZENDESK_API_TOKEN").first().waitFor();
    expect(await missing.page.locator("main").innerText()).toMatch(/ZENDESK_EMAIL refused/);
    expect(await axeFindings(missing.page)).toEqual([]);
    await missing.close();
    await world.start({ setup: true });
    const { page, complaints, elsewhere, close } = await open();
    await page.getByRole("button", { name: "Make a first policy" }).press("Enter");
    await page.getByLabel(/A first policy/).waitFor();
    await page.getByRole("button", { name: "Publish" }).press("Enter");
    await agree(page, "Publish");
    await isDone(page, "Policy");
    await page.getByRole("button", { name: "Check now" }).press("Enter");
    await isDone(page, "Check");
    await page.getByRole("button", { name: "Look at the plan" }).press("Enter");
    await page.getByRole("region", { name: "The plan, line by line" }).waitFor();
    expect(await page.locator("main").innerText()).toMatch(/run `priority-support apply` in a terminal/);
    expect(await page.getByRole("button", { name: /^Apply/ }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect([complaints, elsewhere]).toEqual([[], []]);
    await close();
  });

  test("the service then goes on: applied, simulated, live, and a test ticket made, rewritten, verified and closed", async () => {
    writeFileSync(world.secretFile, "a-secret-from-before");
    await world.start({}, { ZENDESK_WEBHOOK_SECRET_FILE: world.secretFile });
    const { page, complaints, close } = await open("admin", { colorScheme: "dark" });
    await page.getByRole("button", { name: "Look at the plan" }).click();
    await page.getByRole("button", { name: /^Apply \d+ changes/ }).click();
    await agree(page, "Apply");
    await isDone(page, "Plan and apply");
    await page.getByText("The service has the secret").waitFor();
    await page.getByText("Simulating", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("No simulated decision yet").waitFor();
    const { id } = world.desk.createTicket({ from: world.customerEmail, comment: { body: "x" } });
    await isDone(page, "Simulate");
    expect(world.desk.state.tickets.get(id)?.priority).toBeNull();
    await page.getByRole("button", { name: "Go live", exact: true }).click();
    await agree(page, "Go live");
    await isDone(page, "Go live");
    await page.getByRole("button", { name: "Send a test ticket" }).click();
    await isDone(page, "Test ticket");
    const text = (await page.locator("main").innerText()).replaceAll("\n", " ");
    expect(text).toMatch(/Created.*Told to the service.*Decided.*Rewritten.*SLA verified.*Closed solved/);
    expect([...world.desk.state.tickets.values()].at(-1)).toMatchObject({ status: "solved" });
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test("an agent sees how it stands and does nothing", async () => {
    const { page, close } = await open("agent");
    await page.getByText("Administrators carry out the steps").waitFor();
    await page.getByRole("button", { name: /Plan and apply/ }).click();
    expect(await page.getByRole("button", { name: /Look at the plan|Check now|Send/ }).count()).toBe(0);
    await close();
  });
});
