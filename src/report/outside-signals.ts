/** What others measure of accounts, read from JSON Lines: account, sentiment, usage, usage_change. */
import * as z from "zod";
import type { OutsideSignals } from "./health-measures.ts";
import type { WindowProblem } from "./window.ts";

const line = z.strictObject({
  account: z.string().trim().min(1),
  sentiment: z.number().min(0).max(100).nullish(),
  usage: z.number().min(0).max(100).nullish(),
  usage_change: z.number().min(-1).nullish(),
});

const FIX =
  'Write one account a line, such as {"account": "hubspot:1", "sentiment": 80, "usage": 50, "usage_change": -0.3}: sentiment and usage from 0 to 100, usage_change -0.3 for 30 % less; leave out what is not known.';

/** Account → signals. The whole file is refused where a line cannot be read: half a file would look like silence. */
export function outsideSignals(text: string): ReadonlyMap<string, OutsideSignals> | WindowProblem {
  const signals = new Map<string, OutsideSignals>();
  for (const [i, written] of text.split("\n").entries()) {
    if (written.trim() === "") continue;
    const value = jsonOf(written);
    if (value === undefined) return { problem: `Line ${i + 1} is not JSON.`, fix: FIX };
    const read = line.safeParse(value);
    if (!read.success) {
      const [issue] = read.error.issues;
      const what = [...(issue?.path ?? []), issue?.message ?? ""].join(": ");
      return { problem: `Line ${i + 1}: ${what}.`, fix: FIX };
    }
    const { account, sentiment = null, usage = null, usage_change: usageChange = null } = read.data;
    signals.set(account, { sentiment, usage, usageChange });
  }
  return signals;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
