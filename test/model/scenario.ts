/** Scenarios for fast-check: fewer acts, fewer mishaps, plainer ones and a calmer schedule are the simpler case. */
import fc from "fast-check";
import { ACCOUNT_ACTS, type Act, SPANS_MS, STEPS_MOST, TICKET_ACTS } from "./acts.ts";
import type { Scenario } from "./run.ts";
import type { Mishap } from "./simulation.ts";

const MOST_ACTS = 9;
const MOST_MISHAPS = 4;
const MOST_HORIZON = 400;
const CODES = 30;

/** Any scenario about tickets or accounts. */
export function scenarios(about: Scenario["about"]): fc.Arbitrary<Scenario> {
  const kinds = about === "tickets" ? TICKET_ACTS.length : ACCOUNT_ACTS.length;
  const act: fc.Arbitrary<Act> = fc.record({
    after: fc.nat(STEPS_MOST + SPANS_MS.length),
    kind: fc.nat(kinds - 1),
    a: fc.nat(6),
    b: fc.nat(13),
  });
  const opening: fc.Arbitrary<Act> = fc.record({
    after: fc.constant(0),
    kind: fc.constant(0),
    a: fc.nat(6),
    b: fc.nat(13),
  });
  const mishap: fc.Arbitrary<Mishap> = fc.record({
    skip: fc.nat(60),
    aimed: fc.boolean(),
    code: fc.nat(CODES),
  });
  return fc.record({
    about: fc.constant(about),
    seed: fc.noShrink(fc.nat()),
    horizon: fc.nat(MOST_HORIZON),
    instances: fc.integer({ min: 1, max: 2 }),
    acts: fc
      .tuple(opening, fc.array(act, { maxLength: MOST_ACTS, size: "max" }))
      .map(([first, more]) => [first, ...more]),
    mishaps: fc.array(mishap, { maxLength: MOST_MISHAPS, size: "max" }),
    killAll: fc.boolean(),
  });
}
