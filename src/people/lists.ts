/** What every list for people has in common: one notice of limited length, made once. */
import type { Notice, NoticeKind } from "../ports.ts";
import type { Telling } from "./tell.ts";

/** Lines shown; the console has them all. */
const SHOWN = 40;

/** A list as a telling that belongs to no single ticket. `page` = where in the console more of it stands. */
export function listTelling(
  kind: NoticeKind,
  to: readonly string[],
  notice: Pick<Notice, "key" | "title" | "lines" | "severity" | "covers">,
  publicUrl: string | null,
  page: string,
): Telling {
  const more = notice.lines.length - SHOWN;
  return {
    kind,
    notice: {
      ...notice,
      lines: more > 0 ? [...notice.lines.slice(0, SHOWN), `… and ${more} more`] : notice.lines,
      link: publicUrl === null ? null : `${publicUrl}/console${page}`,
    },
    to,
    ticketId: null,
    accountId: null,
    goodUntil: null,
  };
}
