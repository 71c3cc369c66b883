/** A list of decisions that grows at both ends: new ones come in live, older ones when somebody scrolls to the end. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";
import { type Answer, type CallFailed, call, useAnswer } from "../client.ts";
import type { Filters } from "./tickets-filters.tsx";

type Page = Answer<"get /decisions">;
type Rows = Page["decisions"];

/** The newest, asked again whenever something happens. */
const LIVE = 50;
const OLDER = 200;

interface Seen {
  /** null = nothing was answered yet. */
  readonly rows: Rows | null;
  /** Where older ones begin; null = there are none. */
  readonly next: string | null;
}

type Came = { readonly how: "newest" | "older"; readonly page: Page };

/** The rows so far, the asking for the newest (for its errors), and how to ask for older ones. */
export function useDecisions(filters: Filters) {
  const newest = useAnswer("get /decisions", { query: { ...filters, limit: LIVE } }, { everyMs: 60_000 });
  const [seen, came] = useReducer(grown, { rows: null, next: null });
  useEffect(() => {
    if (newest.data !== undefined && !newest.isPlaceholderData) came({ how: "newest", page: newest.data });
  }, [newest.data, newest.isPlaceholderData]);
  const older = useMutation<Page, CallFailed, string>({
    mutationFn: (cursor) => call("get /decisions", { query: { ...filters, limit: OLDER, cursor } }),
    onSuccess: (page) => came({ how: "older", page }),
  });
  const ask = (): void => {
    if (!older.isPending && seen.next !== null) older.mutate(seen.next);
  };
  return { newest, rows: seen.rows, older: { ask, error: older.error } };
}

function grown({ rows, next }: Seen, { how, page }: Came): Seen {
  const fresh = page.decisions;
  const known = new Set(fresh.map((one) => one.id));
  const others = (rows ?? []).filter((one) => !known.has(one.id));
  if (how === "older") return { rows: [...others, ...fresh], next: page.next };
  // More came in between than were asked for: the rest would leave a gap.
  const isFirst = rows === null || others.length === rows.length;
  return isFirst ? { rows: fresh, next: page.next } : { rows: [...fresh, ...others], next };
}
