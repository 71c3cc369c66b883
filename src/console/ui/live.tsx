/** Live updates: what the service tells makes the answers on the page old, and the page asks again. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Alert } from "@zendeskgarden/react-notifications";
import { createEventSource } from "eventsource-client";
import { useEffect, useState } from "react";
import { FormattedMessage, FormattedTime } from "react-intl";
import { ownHeaders, type Reading } from "./client.ts";

/** Answers that an event makes old. */
const OUTDATES: Readonly<Record<string, readonly Reading[]>> = {
  decision: [
    "get /overview",
    "get /decisions",
    "get /tickets/{id}",
    "get /deliveries/parked",
    "get /promises",
  ],
  guard: ["get /overview", "get /guard"],
  state: ["get /overview", "get /switches", "get /policy", "get /setup"],
};
/** A burst of events makes the page ask once. */
const GATHER_MS = 400;
/** A connection that is back by then was never missed. */
const MISSED_AFTER_MS = 2_000;

/** Listens while the page is open; says when the service is away, and since when the page is old. */
export function Live() {
  const queries = useQueryClient();
  const [lostAt, setLostAt] = useState<number | null>(null);
  useEffect(() => {
    let missed: ReturnType<typeof setTimeout> | undefined;
    const outdate = gathering(queries);
    const source = createEventSource({
      url: new URL("/api/v1/events", location.href),
      headers: ownHeaders(),
      credentials: "same-origin",
      onMessage: ({ event }) => {
        if (event === "signed-out") void queries.invalidateQueries({ queryKey: ["get /session"] });
        else if (event === "reload") void queries.invalidateQueries();
        else outdate(OUTDATES[event ?? ""] ?? []);
      },
      onConnect: () => {
        clearTimeout(missed);
        missed = undefined;
        setLostAt(null);
        void queries.invalidateQueries();
      },
      onDisconnect: () => {
        const at = Date.now();
        missed ??= setTimeout(() => setLostAt(at), MISSED_AFTER_MS);
        // Whoever was signed out meanwhile is told; while nobody answers, what is known stays.
        void queries.invalidateQueries({ queryKey: ["get /session"] });
      },
    });
    return () => {
      clearTimeout(missed);
      outdate.stop();
      source.close();
    };
  }, [queries]);
  if (lostAt === null) return null;
  return (
    <Alert type="warning" role="status">
      <FormattedMessage id="state.offline" values={{ time: <FormattedTime value={lostAt} /> }} />
    </Alert>
  );
}

function gathering(queries: QueryClient) {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    timer = null;
    for (const operation of waiting) void queries.invalidateQueries({ queryKey: [operation] });
    waiting.clear();
  };
  const outdate = (operations: readonly string[]): void => {
    for (const one of operations) waiting.add(one);
    timer ??= setTimeout(flush, GATHER_MS);
  };
  return Object.assign(outdate, { stop: () => void (timer !== null && clearTimeout(timer)) });
}
