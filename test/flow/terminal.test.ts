/** The question before the help desk is changed, on a real terminal. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Installation, install, TERMINAL } from "./provision-kit.ts";

const open: Installation[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function installed(): Promise<Installation> {
  const one = await install();
  open.push(one);
  return one;
}

if (!TERMINAL) process.stderr.write("\nNOT RUN: questions on a terminal (apt-get install -y bsdutils)\n\n");

/** Ctrl-C and Ctrl-D as a keyboard sends them. */
const [INTERRUPT, END] = ["\x03", "\x04"];

(TERMINAL ? describe : describe.skip)("apply on a terminal", () => {
  test.each<readonly [string, string]>([
    ["no", "no\r"],
    ["y alone, which is not a written-out yes", "y\r"],
    ["nothing but Enter", "\r"],
    ["Ctrl-D", END],
    ["Ctrl-C", INTERRUPT],
  ])("answered with %s changes nothing and says so", async (_answer, typed) => {
    const site = await installed();
    const before = site.setUp();
    const { code: ended, out } = await site.onTerminal(["apply"], typed);
    expect([ended, out]).toEqual([1, expect.stringContaining("Nothing was done.")]);
    expect(out).toMatch(/\d+ changes to the help desk\. Type yes to go on: /);
    expect(site.setUp()).toEqual(before);
  });

  test("answered with yes shows the plan, carries it out, and the second time there is nothing to ask", async () => {
    const site = await installed();
    const first = await site.onTerminal(["apply"], "yes\r");
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(/Applied \d+ of \d+ steps as run/)]);
    expect(first.out.indexOf("Plan:")).toBeLessThan(first.out.indexOf("Type yes"));
    const second = await site.onTerminal(["apply"], "");
    expect([second.code, second.out]).toEqual([0, expect.stringContaining("Nothing to do")]);
    expect(second.out).not.toContain("Type yes");
  });
});
