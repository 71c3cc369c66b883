/** Customers, what will change, what should be looked at, and human exceptions. */
import { z } from "zod";
import { addOverride, endOverride, listOverrides } from "../overrides.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import { storyOf } from "./customer-story.ts";
import { customerRows, overrideShown, reviewListOf, tierLoadsOf } from "./customers.ts";
import { movementsOf } from "./movements.ts";
import { notFound, refused } from "./problem.ts";
import { type ApiCall, type ApiRoute, route } from "./route.ts";
import { done, pathId } from "./schemas.ts";
import {
  customerPage,
  customerQuery,
  customerStory,
  movements,
  override,
  overrideList,
  overrideQuery,
  overrideWish,
  reviewList,
  tierLoads,
} from "./schemas-customers.ts";
import { oldest } from "./shown.ts";

/** Lists, loads and stories of customers. */
export const customerRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/tiers",
    access: "agent",
    tag: "customers",
    summary: "Accounts per tier by basis, against the tier's cap",
    answers: tierLoads,
    handle: ({ parts }) => tierLoadsOf(parts.store, parts.policy.policy()),
  }),
  route({
    method: "get",
    path: "/customers",
    access: "agent",
    tag: "customers",
    summary: "Accounts in the order of their ids, by name, tier and basis",
    query: customerQuery,
    answers: customerPage,
    handle: async (call, { query }) => {
      const { store } = call.parts;
      const ids = await store.console.lists.accountIds({
        text: query.text ?? null,
        tier: query.tier ?? null,
        basis: (query.basis ?? null) as Parameters<typeof store.console.lists.accountIds>[0]["basis"],
        after: placeOf(z.string(), query.cursor),
        limit: query.limit,
      });
      const customers = await customerRows(store, ids, call.parts.policy.policy());
      call.facts(oldest(customers.map((one) => (one.factsAt == null ? null : Date.parse(one.factsAt)))));
      const last = ids.length < query.limit ? undefined : ids.at(-1);
      return { customers, next: last === undefined ? null : cursorOf(last) };
    },
  }),
  route({
    method: "get",
    path: "/customers/{id}",
    access: "agent",
    tag: "customers",
    summary: "One account's whole story",
    params: z.object({ id: pathId }),
    answers: customerStory,
    handle: async (call, { params }) => {
      const story = await storyOf(call.parts, params.id, call.now);
      call.facts(story.factsAt === null ? null : Date.parse(story.factsAt));
      return story;
    },
  }),
  route({
    method: "get",
    path: "/movements",
    access: "agent",
    tag: "customers",
    summary: "Tiers that change within 30 days by time alone: lapses, grace ends, override ends, starts",
    answers: movements,
    handle: ({ parts, now }) => movementsOf(parts.store, parts.policy.policy(), now),
  }),
  route({
    method: "get",
    path: "/reviews",
    access: "agent",
    tag: "customers",
    summary: "Doubtful facts, paid but not served, served but not paid, reports by agents",
    answers: reviewList,
    handle: ({ parts }) => reviewListOf(parts),
  }),
  route({
    method: "post",
    path: "/reports/{id}/close",
    access: "admin",
    tag: "customers",
    summary: "Closes an agent's report",
    params: z.object({ id: pathId }),
    answers: done,
    handle: async ({ parts, now, who }, { params }) => {
      if (!(await parts.store.console.reports.close(params.id, now, who)))
        throw notFound("There is no open report with this id.", "Load the list again.");
      return { ok: true as const };
    },
  }),
];

/** Human exceptions: those of the store can be added and ended, those of the file are shown. */
export const overrideRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/overrides",
    access: "agent",
    tag: "overrides",
    summary: "What is in force or comes; with history also what is over",
    query: overrideQuery,
    answers: overrideList,
    handle: async ({ parts, now }, { query }) => {
      const policy = parts.policy.policy();
      const rows = (await listOverrides(parts.store, policy, now))
        .filter((one) => query.history || one.state !== "over")
        .filter((one) => query.account === undefined || one.accountId === query.account);
      const names = await parts.store.accounts.many([...new Set(rows.map((one) => one.accountId))]);
      return { overrides: rows.map((one) => overrideShown(one, names.get(one.accountId)?.account, policy)) };
    },
  }),
  route({
    method: "post",
    path: "/overrides",
    access: "admin",
    tag: "overrides",
    summary: "Keeps a new one; whoever is signed in approves it",
    body: overrideWish,
    answers: override,
    handle: (call, { body }) => add(call, body),
  }),
  route({
    method: "post",
    path: "/overrides/{id}/end",
    access: "admin",
    tag: "overrides",
    summary: "Ends one now; it stays in the history",
    params: z.object({ id: pathId }),
    answers: done,
    handle: async ({ parts, now, who }, { params }) => {
      const problem = await endOverride(parts.store, parts.policy.policy(), params.id, who, now);
      if (problem !== null) throw refused([problem]);
      parts.log.warn({ by: who, override: params.id }, "an override was ended from the console");
      return { ok: true as const };
    },
  }),
];

async function add(
  { parts, now, who }: ApiCall,
  body: z.output<typeof overrideWish>,
): Promise<z.input<typeof override>> {
  const policy = parts.policy.policy();
  const id = `ov-${parts.secret().slice(0, 12)}`;
  const made = await addOverride(parts.store, policy, { ...body, approvedBy: who }, id, now);
  if ("problems" in made) throw refused(made.problems);
  parts.log.warn({ by: who, override: id, account: made.override.accountId }, "an override was added");
  const [listed] = (await listOverrides(parts.store, policy, now)).filter((one) => one.id === id);
  if (listed === undefined) throw notFound("The override is gone again.", "Load the list again.");
  const account = (await parts.store.accounts.get(listed.accountId))?.account;
  return overrideShown(listed, account, policy);
}
