/** The wizard from nothing to a verified test ticket. */
import { CANARY_REQUESTER } from "../canary.ts";
import { conflict } from "./problem.ts";
import { type ApiCall, type ApiRoute, route } from "./route.ts";
import { applyWish, canaryWish, firstPolicyText, planQuery, planShown, setUp } from "./schemas-set-up.ts";
import { planAsShown, setUpOf } from "./set-up.ts";

/** Looking. */
const looking: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/setup",
    access: "agent",
    tag: "setup",
    summary:
      "Where set-up stands: settings (never their values), policy, check, apply, switches, test ticket",
    answers: setUp,
    handle: ({ parts }) => setUpOf(parts),
  }),
  route({
    method: "get",
    path: "/setup/first-policy",
    access: "admin",
    tag: "setup",
    summary: "A first policy, made from the CRM's properties and the help desk's groups; nothing is kept",
    answers: firstPolicyText,
    handle: async ({ parts }) => ({ yaml: await parts.setUp.firstPolicy() }),
  }),
  route({
    method: "get",
    path: "/setup/plan",
    access: "admin",
    tag: "setup",
    summary:
      "What would be made and changed in the help desk, with calls and minutes; reads some twenty calls",
    query: planQuery,
    answers: planShown,
    handle: async ({ parts }, { query }) => planAsShown(await parts.setUp.jobs.apply.plan(query.adopt)),
  }),
];

/** Doing. */
const doing: readonly ApiRoute[] = [
  route({
    method: "post",
    path: "/setup/apply",
    access: "admin",
    tag: "setup",
    summary: "Begins to carry out the plan that was looked at; where it stands is told by GET /setup",
    body: applyWish,
    answers: setUp,
    handle: async (call, { body }) => {
      await refuseBarred(call, "applyBarred");
      await call.parts.setUp.jobs.apply.begin(body, call.who);
      call.parts.log.warn({ by: call.who }, "a plan is being carried out from the console");
      return setUpOf(call.parts);
    },
  }),
  route({
    method: "post",
    path: "/setup/canary",
    access: "admin",
    tag: "setup",
    summary: "Sends a test ticket through, which is solved at the end; where it is is told by GET /setup",
    body: canaryWish,
    answers: setUp,
    handle: async (call, { body }) => {
      await refuseBarred(call, "canaryBarred");
      const email = body.requester ?? CANARY_REQUESTER.email;
      call.parts.setUp.jobs.canary.begin({ name: CANARY_REQUESTER.name, email }, call.who);
      return setUpOf(call.parts);
    },
  }),
];

async function refuseBarred({ parts }: ApiCall, what: "applyBarred" | "canaryBarred"): Promise<void> {
  const barred = (await setUpOf(parts))[what];
  if (barred !== null) throw conflict(barred.message, barred.fix);
}

/** Everything about set-up. */
export const setUpRoutes: readonly ApiRoute[] = [...looking, ...doing];
