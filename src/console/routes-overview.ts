/** The first screen, the switches, and changes held by the mass-change brake. */
import { z } from "zod";
import { pause, resume } from "../switches.ts";
import { approveRun, rejectRun, waitingRun } from "../sync/guard-decision.ts";
import { detailsOf, type HeldRunDetails } from "../sync/guard-listing.ts";
import { checkNow, lastCheckOf, overviewOf, switchesOf } from "./overview.ts";
import { notFound } from "./problem.ts";
import { type ApiCall, type ApiRoute, route } from "./route.ts";
import { pathId } from "./schemas.ts";
import {
  guardDecided,
  type heldRun,
  heldRuns,
  lastCheck,
  overview,
  simulateWish,
  switches,
} from "./schemas-overview.ts";
import { iso, moneyShown, tierShown } from "./shown.ts";

/** How long a person waits for a running sync before being told to come back. */
const PATIENCE_MS = 8_000;

/** The first screen and what can be done from it. */
export const overviewRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/overview",
    access: "agent",
    tag: "overview",
    summary: "Both sides, queue, policy, last decisions, what is held, the two headline numbers",
    answers: overview,
    handle: ({ parts, now }) => overviewOf(parts, now),
  }),
  route({
    method: "get",
    path: "/check",
    access: "agent",
    tag: "overview",
    summary: "What the last check found",
    answers: lastCheck,
    handle: ({ parts }) => lastCheckOf(parts),
  }),
  route({
    method: "post",
    path: "/check",
    access: "admin",
    tag: "overview",
    summary: "Looks at settings, policy and both sides now",
    answers: lastCheck,
    handle: ({ parts, now }) => checkNow(parts, now),
  }),
  route({
    method: "get",
    path: "/switches",
    access: "agent",
    tag: "switches",
    summary: "Paused? Simulating?",
    answers: switches,
    handle: ({ parts }) => switchesOf(parts),
  }),
  route({
    method: "post",
    path: "/pause",
    access: "admin",
    tag: "switches",
    summary: "Writes nothing outside until resumed; webhooks are still accepted",
    answers: switches,
    handle: async ({ parts, now, who }) => {
      await pause(parts.store.register, now);
      parts.log.warn({ by: who }, "writing outside was paused from the console");
      return switchesOf(parts);
    },
  }),
  route({
    method: "post",
    path: "/resume",
    access: "admin",
    tag: "switches",
    summary: "Goes on writing outside",
    answers: switches,
    handle: async ({ parts, who }) => {
      await resume(parts.store.register);
      parts.log.warn({ by: who }, "writing outside was resumed from the console");
      parts.wake();
      return switchesOf(parts);
    },
  }),
  route({
    method: "put",
    path: "/simulate",
    access: "admin",
    tag: "switches",
    summary: "Decide and record, but write nothing outside: on or off, for all instances",
    body: simulateWish,
    answers: switches,
    handle: async ({ parts, who }, { body }) => {
      await parts.store.register.setSetting("mode", body.on ? "simulate" : "live");
      parts.log.warn({ by: who, on: body.on }, "simulation was switched from the console");
      return switchesOf(parts);
    },
  }),
];

/** What the brake holds. */
export const guardRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/guard",
    access: "agent",
    tag: "guard",
    summary: "Changes that wait for a person: who, from which tier to which, with how much money",
    answers: heldRuns,
    handle: async ({ parts }) => {
      const runs: HeldRunDetails[] = [];
      for (const run of await parts.store.guard.waiting()) runs.push(await detailsOf(parts.store, run));
      return { runs: runs.map((one) => heldShown(one, parts.policy.policy())) };
    },
  }),
  guardRoute("approve"),
  guardRoute("reject"),
];

function guardRoute(action: "approve" | "reject"): ApiRoute {
  return route({
    method: "post",
    path: `/guard/{runId}/${action}`,
    access: "admin",
    tag: "guard",
    summary:
      action === "approve"
        ? "Accepts what a run holds; the next sync carries it out"
        : "Refuses it; the same facts are not proposed again until they change",
    params: z.object({ runId: pathId }),
    answers: guardDecided,
    handle: (call, { params }) => decideGuard(call, action, params.runId),
  });
}

async function decideGuard(
  { parts, who }: ApiCall,
  action: "approve" | "reject",
  runId: string,
): Promise<z.input<typeof guardDecided>> {
  const run = await waitingRun(parts.store, runId);
  if (run === null)
    throw notFound(
      "Nothing waits under this run.",
      "Load the list again; somebody may have decided already.",
    );
  const ports = { store: parts.store, clock: parts.clock, patienceMs: PATIENCE_MS };
  const { rows } = await (action === "approve" ? approveRun : rejectRun)(ports, run, who);
  parts.log.warn({ by: who, runId: run.runId, action, records: rows.length }, "held changes were decided");
  const decided = action === "approve" ? ("approved" as const) : ("rejected" as const);
  return { runId: run.runId, decided, by: who, records: rows.length };
}

function heldShown(
  { run, demotions, arr }: HeldRunDetails,
  policy: Parameters<typeof tierShown>[1],
): z.input<typeof heldRun> {
  const { runId, source, at, codes, reason, records } = run;
  return {
    runId,
    source,
    heldSince: iso(at),
    codes: [...codes],
    reason,
    records,
    arr: arr.map(({ amount, currency }) => ({ amount, currency })),
    demotions: demotions.map((one) => ({
      account: { id: one.accountId, name: one.name },
      from: tierShown(one.fromTier, policy),
      to: tierShown(one.toTier, policy),
      arr: moneyShown(one.arr),
      because: one.because,
      change: one.change,
    })),
  };
}
