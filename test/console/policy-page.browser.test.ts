import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { axeFindings, openChromium, openPage, whereChromiumIs } from "./chromium.ts";
import { type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

whereChromiumIs("the policy page", (program) => {
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
  const open = (path: string) => openPage(browser, installation.world.service.url, admin, path);

  test("a draft is checked while it is typed, and names what is wrong and what to do", async () => {
    const { page, complaints, close } = await open("/console/policy");
    const text = page.getByLabel("The policy as YAML");
    const yaml = await text.inputValue();
    await text.fill(yaml.replace("group: Premier Support", "group: Premier Suport"));
    await page
      .getByText(/Premier Suport/)
      .last()
      .waitFor();
    await page.getByRole("heading", { name: /error/ }).waitFor();
    expect(await page.getByRole("button", { name: "What would change" }).isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to what is in force" }).click();
    await page.getByRole("heading", { name: "No errors, 2 warnings" }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test("who would lose a tier is named before anything is published", async () => {
    const { page, close } = await open("/console/policy");
    const text = page.getByLabel("The policy as YAML");
    const yaml = await text.inputValue();
    await text.fill(
      yaml.replace("{arr: {enter: 100000, exit: 90000}}", "{arr: {enter: 900000, exit: 800000}}"),
    );
    await page.getByRole("button", { name: "What would change" }).click();
    await page.getByRole("heading", { name: /go(es)? down/ }).waitFor();
    expect(await page.getByRole("row").count()).toBeGreaterThan(1);
    expect(await axeFindings(page)).toEqual([]);
    await close();
  });

  test("a policy that is a file can be looked at and downloaded, and is published by nobody", async () => {
    const { page, close } = await open("/console/policy");
    await page.getByText("POLICY_FILE").waitFor();
    expect(await page.getByRole("button", { name: "Publish" }).count()).toBe(0);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the draft" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("policy.yaml");
    await page.getByRole("link", { name: "Versions" }).click();
    await page.getByRole("row", { name: /in force/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await close();
  });
});
