/** Lists in pages: by cursor when `page[size]` is asked for, else by page number. */
import type { Call, Reply } from "./server.ts";
import { badRequest } from "./zendesk-answers.ts";
import type { World } from "./zendesk-world.ts";

const MOST = 100;

/**
 * One page of `rows` under `key`, each shown by `view`.
 *
 * By cursor, `links.next` is filled even on the last page and leads to an empty one: only `meta.has_more` ends a walk.
 */
export function paged<Row>(
  world: World,
  call: Call,
  key: string,
  rows: readonly Row[],
  view: (row: Row) => unknown = (row) => row,
): Reply {
  const size = call.query.get("page[size]");
  if (size === null && call.query.get("page[after]") === null) return numbered(world, call, key, rows, view);
  const wanted = Number(size ?? MOST);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST)
    return badRequest("InvalidPaginationParameter", "page[size] must be between 1 and 100");
  const start = offsetOf(call.query.get("page[after]"));
  const page = rows.slice(start, start + wanted);
  const after = page.length === 0 ? null : cursorOf(start + page.length);
  return {
    status: 200,
    body: {
      [key]: page.map(view),
      meta: {
        has_more: start + page.length < rows.length,
        after_cursor: after,
        before_cursor: page.length === 0 ? null : cursorOf(start),
      },
      links: { prev: null, next: after === null ? null : link(world, call, wanted, after) },
    },
  };
}

function numbered<Row>(
  world: World,
  call: Call,
  key: string,
  rows: readonly Row[],
  view: (row: Row) => unknown,
): Reply {
  const page = Number(call.query.get("page") ?? 1);
  const size = Math.min(MOST, Number(call.query.get("per_page") ?? MOST));
  if (page > 100) return badRequest("InvalidPaginationDepth", "Use cursor pagination beyond page 100");
  const more = page * size < rows.length;
  const url = (number: number): string => `${world.url()}${call.path}.json?page=${number}&per_page=${size}`;
  return {
    status: 200,
    body: {
      [key]: rows.slice((page - 1) * size, page * size).map(view),
      next_page: more ? url(page + 1) : null,
      previous_page: page > 1 ? url(page - 1) : null,
      count: rows.length,
    },
  };
}

const cursorOf = (offset: number): string => Buffer.from(`o:${offset}`).toString("base64url");

const offsetOf = (cursor: string | null): number =>
  cursor === null ? 0 : Number(Buffer.from(cursor, "base64url").toString().slice(2)) || 0;

const link = (world: World, call: Call, size: number, after: string): string =>
  `${world.url()}${call.path}.json?page%5Bafter%5D=${after}&page%5Bsize%5D=${size}`;
