/** `decide`: cases as JSON Lines on stdin, one result a line on stdout. Offline: no store, no network. */
import { existsSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { readCase, writeResult } from "../policy/case-format.ts";
import { decide } from "../policy/decide.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { complain, EXIT } from "./terminal.ts";

/** Decides every case; a line that is no case is named on stderr and makes the exit code 1. */
export async function decideCommand(
  options: { readonly policy: string },
  input: NodeJS.ReadableStream = process.stdin,
): Promise<number> {
  if (!existsSync(options.policy)) {
    complain(
      `There is no file ${options.policy}.\nfix: Give the path of a policy file with --policy, for example policy.example.yaml.`,
    );
    return EXIT.usage;
  }
  const { policy } = loadPolicy(options.policy);
  let line = 0;
  let bad = 0;
  for await (const text of linesOf(input)) {
    line += 1;
    if (text.trim() === "") continue;
    try {
      const { id, situation, now } = readCase(JSON.parse(text));
      const result = writeResult(id, decide(situation, policy, now), policy);
      process.stdout.write(`${JSON.stringify(result)}\n`);
    } catch (error) {
      bad += 1;
      complain(`line ${line}: ${error instanceof Error ? error.message : String(error)}`);
      complain('fix: Give one case a line as JSON, in the format of the README ("Ask what would happen").');
    }
  }
  return bad > 0 ? EXIT.problems : EXIT.fine;
}

/** Only a line feed ends a record: texts pasted from mail hold U+2028, at which a line reader would cut. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === "string" ? chunk : decoder.write(chunk))).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + decoder.end();
}
