/** What people were told: the list for whoever asks "did anybody know?", and another try for what reached nobody. */
import { z } from "zod";
import { cursorOf, placeOf } from "./cursor.ts";
import { type ApiRoute, route } from "./route.ts";
import { noticePage, noticeQuery, noticesAgain } from "./schemas-notices.ts";
import { iso, isoOrNull } from "./shown.ts";

const place = z.tuple([z.number()]);

/** The routes. */
export const noticeRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/notices",
    access: "agent",
    tag: "notices",
    summary: "Messages to people, newest first",
    query: noticeQuery,
    answers: noticePage,
    handle: async ({ parts }, { query }) => {
      const { notices } = parts.store;
      const before = placeOf(place, query.cursor)?.[0] ?? null;
      const rows = await notices.list({ state: query.state ?? null, before, limit: query.limit });
      const last = rows.length < query.limit ? undefined : rows.at(-1);
      return {
        notices: rows.map((one) => ({
          key: one.notice.key,
          kind: one.kind,
          addressee: one.addressee,
          way: one.way,
          state: one.state,
          title: one.notice.title,
          ticketId: one.ticketId,
          accountId: one.accountId,
          recordedAt: iso(one.recordedAt),
          endedAt: isoOrNull(one.endedAt),
          attempts: one.attempts,
          reason: one.reason,
        })),
        counts: await notices.counts(),
        next: last === undefined ? null : cursorOf([last.recordedAt]),
      };
    },
  }),
  route({
    method: "post",
    path: "/notices/retry",
    access: "admin",
    tag: "notices",
    summary: "Tries every message that reached nobody once more",
    answers: noticesAgain,
    handle: async ({ parts, now }) => ({ again: await parts.store.notices.retry(now) }),
  }),
];
