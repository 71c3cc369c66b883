/** Taking back what was written on the last tickets. */
import { type ApiRoute, route } from "./route.ts";
import { undoQuery, undoTold, undoWish } from "./schemas-undo.ts";
import { undoLast, undoPreview } from "./undo-last.ts";

/** The routes. */
export const undoRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/undo/tickets",
    access: "admin",
    tag: "undo",
    summary: "What taking back the writes on the last tickets would do; writes nothing",
    query: undoQuery,
    answers: undoTold,
    handle: ({ parts }, { query }) => undoPreview(parts, query.last),
  }),
  route({
    method: "post",
    path: "/undo/tickets",
    access: "admin",
    tag: "undo",
    summary:
      "Takes them back, respecting what people changed since; they stay on hold until facts or policy change",
    body: undoWish,
    answers: undoTold,
    handle: async ({ parts, who }, { body }) => {
      const told = await undoLast(parts, body.last, body.since);
      parts.log.warn({ by: who, run: told.undoRunId, tickets: told.undone.length }, "writes were taken back");
      return told;
    },
  }),
];
