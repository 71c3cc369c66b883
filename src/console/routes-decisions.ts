/** Every decision, filtered and explained; deliveries that wait for a person. */
import { z } from "zod";
import { cursorOf, placeOf } from "./cursor.ts";
import { EVERY_DECISION, rowsShown, storyShown } from "./decision-shown.ts";
import { notFound } from "./problem.ts";
import { type ApiRoute, route } from "./route.ts";
import { pathId } from "./schemas.ts";
import {
  decisionPage,
  decisionQuery,
  decisionStory,
  parkedList,
  replayed,
  replayWish,
  ticketStory,
} from "./schemas-decisions.ts";
import { deskUrl, iso } from "./shown.ts";

const place = z.tuple([z.number(), z.number()]);
/** A ticket is decided a few times; more than this is a fight between automations. */
const STORY = 100;
/** Parked deliveries are few. */
const PARKED = 500;

/** Lists and explanations. */
export const decisionRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/decisions",
    access: "agent",
    tag: "decisions",
    summary: "Decisions, newest first",
    query: decisionQuery,
    answers: decisionPage,
    handle: async ({ parts }, { query }) => {
      const from = placeOf(place, query.cursor);
      const rows = await parts.store.console.lists.decisions({
        after: from === null ? null : { decidedAt: from[0], seq: from[1] },
        limit: query.limit,
        ticketId: query.ticket ?? null,
        accountId: query.account ?? null,
        state: query.state ?? null,
        tier: query.tier ?? null,
        unverifiedOnly: query.unverified,
      });
      const last = rows.length < query.limit ? undefined : rows.at(-1);
      return {
        decisions: [...(await rowsShown(parts.store, rows, parts.policy.policy()))],
        next: last === undefined ? null : cursorOf([last.record.decidedAt, last.seq]),
      };
    },
  }),
  route({
    method: "get",
    path: "/decisions/{id}",
    access: "agent",
    tag: "decisions",
    summary: "One decision with everything it rests on",
    params: z.object({ id: pathId }),
    answers: decisionStory,
    handle: async ({ parts }, { params }) => {
      const row = await parts.store.console.lists.decision(params.id);
      if (row === null)
        throw notFound("There is no such decision.", "It may be older than is kept; see the list.");
      return storyShown(parts.store, row, parts.policy.policy());
    },
  }),
  route({
    method: "get",
    path: "/tickets/{id}",
    access: "agent",
    tag: "decisions",
    summary: "Why a ticket is as it is: all its decisions",
    params: z.object({ id: pathId }),
    answers: ticketStory,
    handle: async ({ parts }, { params }) => {
      const rows = await parts.store.console.lists.decisions({
        ...EVERY_DECISION,
        ticketId: params.id,
        limit: STORY,
      });
      if (rows.length === 0)
        throw notFound(
          `Nothing was decided about ticket ${params.id}.`,
          "Check the number; tickets from before the installation are not known here.",
        );
      const policy = parts.policy.policy();
      const decisions = await Promise.all(rows.map((row) => storyShown(parts.store, row, policy)));
      return { ticketId: params.id, url: deskUrl(parts.apps.origin, "tickets", params.id), decisions };
    },
  }),
  route({
    method: "get",
    path: "/deliveries/parked",
    access: "agent",
    tag: "deliveries",
    summary: "Deliveries that wait for a person",
    answers: parkedList,
    handle: async ({ parts }) => {
      const { inbox } = parts.store;
      const [backlog, rows] = await Promise.all([inbox.backlog(), inbox.parked(PARKED)]);
      return {
        total: backlog.parked,
        parked: rows.map(({ id, kind, subjectId, accountIds, receivedAt, attempts, reason, fix }) => ({
          id,
          kind,
          ticketId: kind === "ticket" ? subjectId : null,
          accountIds: [...accountIds],
          receivedAt: iso(receivedAt),
          attempts,
          reason,
          fix,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/deliveries/replay",
    access: "admin",
    tag: "deliveries",
    summary: "Puts one parked delivery, or all, back to work",
    body: replayWish,
    answers: replayed,
    handle: async ({ parts, who }, { body }) => {
      const count = await parts.store.inbox.replay(body.id);
      parts.log.info({ by: who, count }, "parked deliveries put back to work");
      parts.wake();
      return { replayed: count };
    },
  }),
];
