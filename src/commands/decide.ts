/** `decide`: cases as JSON Lines on stdin, one result a line on stdout. Offline: no store, no network. */
import { createInterface } from "node:readline";
import { readCase, writeResult } from "../policy/case-format.ts";
import { decide } from "../policy/decide.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { complain, EXIT } from "./terminal.ts";

/** Decides every case; a line that is no case is named on stderr and makes the exit code 1. */
export async function decideCommand(
  options: { readonly policy: string },
  input: NodeJS.ReadableStream = process.stdin,
): Promise<number> {
  const { policy } = loadPolicy(options.policy);
  let line = 0;
  let bad = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === "") continue;
    try {
      const { id, situation, now } = readCase(JSON.parse(text));
      process.stdout.write(`${JSON.stringify(writeResult(id, decide(situation, policy, now), policy))}\n`);
    } catch (error) {
      bad += 1;
      complain(
        `line ${line}: ${error instanceof Error ? error.message : String(error)}\nfix: Give one case a line as JSON, in the format of the README ("Ask what would happen").`,
      );
    }
  }
  return bad > 0 ? EXIT.problems : EXIT.fine;
}
