/** A real browser on the console: built pages, a signed-in person, and what the page must never do. */
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Frame, type Page } from "playwright-core";
import { readyPages } from "../../src/demo/console-pages.ts";
import { pagesFolder } from "../../src/main-console.ts";
import type { Person } from "./world.ts";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Quiet, without a sandbox (tests run as root), asking nobody but the page's own service. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A build that another test file began is waited for this long, then it is taken to be abandoned. */
const LOCK_MS = 90_000;

/** Runs `suite` where Chromium is installed; elsewhere says so, and fails where the whole suite must pass. */
export function whereChromiumIs(what: string, suite: (program: string) => void): void {
  const program = PROGRAMS.find((one) => existsSync(one));
  if (program !== undefined) {
    suite(program);
    return;
  }
  process.stderr.write(`\nNOT RUN: ${what} in Chromium (apt-get install -y chromium)\n\n`);
  test(`${what} is tested wherever the whole suite must pass`, () => {
    expect(process.env.CI ? "Chromium is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
}

/** Starts the browser, with the pages built from the sources as they are. */
export async function openChromium(program: string): Promise<Browser> {
  await buildOnce();
  return chromium.launch({ executablePath: program, args: FLAGS });
}

/** Test files run side by side; the first builds, the others wait. */
async function buildOnce(): Promise<void> {
  const folder = pagesFolder();
  const lock = join(dirname(folder), "ui.building");
  mkdirSync(dirname(folder), { recursive: true });
  while (!taken(lock)) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    const ready = await readyPages(folder, () => undefined);
    if (ready === "failed" || ready === "missing") throw new Error("the console's pages were not built");
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > LOCK_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** A page with everything it must not do written down. */
export interface Watched {
  readonly page: Page;
  /** Errors and refusals in the browser's console; answers that the test expects to fail may be left out by their status. */
  readonly complaints: readonly string[];
  /** Addresses beyond the service that were asked for. */
  readonly elsewhere: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens `path` of the service in a fresh browser profile, signed in as `person`. */
export async function openPage(
  browser: Browser,
  url: string,
  person: Person,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    ...options,
  });
  if (person.secret !== null)
    await context.addCookies([
      { name: "ps_session", value: person.secret, url, httpOnly: true, sameSite: "Strict" },
    ]);
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) elsewhere.push(request.url());
  });
  await page.goto(`${url}${path}`);
  return { page, complaints, elsewhere, close: () => context.close() };
}

/**
 * What axe finds wrong, one line each with the place; scripts of a test run beside the page's own policy.
 * Looks when what opens or fades has come to rest: half-faded text has a contrast that nobody reads it at. What is found
 * counts when it is still so at another look, for an answer may come, and fade in, while axe is looking.
 */
export async function axeFindings(page: Page | Frame): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const first = await atRestFound(page);
  return first.length === 0 ? first : atRestFound(page);
}

async function atRestFound(page: Page | Frame): Promise<readonly string[]> {
  await atRest(page);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { readonly axe: typeof axe }).axe;
    const { violations } = await run.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
    );
  });
}

/** As much of the browser's animations as is asked here. */
interface Animated {
  readonly playState: string;
  readonly finished: Promise<unknown>;
  readonly effect: { readonly getComputedTiming: () => { readonly endTime?: unknown } } | null;
}

/** Waits for every animation of the page that has an end; spinners have none. One that is taken away has ended too. */
async function atRest(page: Page | Frame): Promise<void> {
  await page.evaluate(async () => {
    const { document } = globalThis as unknown as {
      readonly document: { readonly getAnimations: () => readonly Animated[] };
    };
    const ending = () =>
      document
        .getAnimations()
        .filter(
          ({ playState, effect }) =>
            playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        );
    for (let running = ending(); running.length > 0; running = ending())
      await Promise.allSettled(running.map(({ finished }) => finished));
  });
}
