/** Lives that once broke a promise, played again: found in long runs, shrunk, and kept as they were printed. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Model, openModel, type Scenario } from "./run.ts";

let model: Model;
beforeAll(async () => {
  model = await openModel();
});
afterAll(() => model.close());

const act = (after: number, kind: number, a: number, b: number): Scenario["acts"][number] => ({
  after,
  kind,
  a,
  b,
});

test.each<readonly [string, Scenario]>([
  [
    "a pause that begins after organizations were written and ends before labels would have been leaves no label behind",
    {
      ...{ about: "accounts", seed: 294_087_551, horizon: 104, instances: 2, mishaps: [], killAll: false },
      acts: [act(0, 0, 0, 0), act(19, 0, 0, 5), act(26, 1, 1, 0), act(27, 13, 0, 0), act(25, 13, 0, 0)],
    },
  ],
  [
    "a ticket that is deleted before a person's value could go back onto it is over",
    {
      ...{ about: "tickets", seed: 427_023_096, horizon: 15, instances: 2, killAll: false },
      acts: [act(0, 0, 0, 0), act(5, 0, 0, 0), act(22, 11, 0, 0), act(0, 16, 0, 11)],
      mishaps: [{ skip: 0, aimed: true, code: 26 }],
    },
  ],
  [
    "demotions that a person approved stay approved when another approval follows",
    {
      ...{ about: "accounts", seed: 24, horizon: 0, instances: 1, mishaps: [], killAll: false },
      acts: [act(0, 0, 0, 0), act(0, 8, 0, 5), act(25, 0, 0, 0), act(0, 11, 0, 0), act(0, 8, 0, 0)],
    },
  ],
  [
    "a decision that a clock dated two hours into the future is not missed before its time",
    {
      ...{ about: "tickets", seed: 1_787_763_225, horizon: 0, instances: 1, killAll: false },
      acts: [
        ...[act(0, 0, 0, 3), act(0, 15, 0, 10), act(9, 7, 0, 0), act(4, 15, 0, 2)],
        ...[act(0, 0, 0, 0), act(2, 0, 0, 0), act(13, 6, 0, 6)],
      ],
      mishaps: [{ skip: 0, aimed: true, code: 15 }],
    },
  ],
  [
    "a write that arrives long after its deadline, when the service simulates by then, is on record as a write",
    {
      ...{ about: "tickets", seed: 1_427_416_251, horizon: 63, instances: 1, killAll: false },
      acts: [
        ...[act(0, 0, 0, 2), act(10, 4, 0, 0), act(27, 3, 0, 0), act(0, 0, 0, 7), act(1, 0, 0, 0)],
        ...[act(14, 17, 0, 0), act(3, 3, 0, 0), act(10, 15, 0, 3), act(7, 0, 0, 0)],
      ],
      mishaps: [
        { skip: 13, aimed: true, code: 17 },
        { skip: 1, aimed: false, code: 0 },
      ],
    },
  ],
])("%s", async (_what, scenario) => {
  const { broken, trace } = await model.play(scenario);
  if (broken.length > 0) process.stderr.write(`${trace.join("\n")}\n`);
  expect(broken).toEqual([]);
});
