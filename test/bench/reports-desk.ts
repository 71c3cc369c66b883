/** A help desk that has nothing but a past: tickets and events of their clocks, page after page of the two exports. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerWith } from "./answering.ts";
import { createdAt, EVENTS_A_TICKET, eventsOf, type Past, ticketOf } from "./reports-past.ts";

const PAGE = 1_000;

interface Place {
  readonly at: number;
  readonly ticket: number;
  readonly place: number;
}

answerWith({
  /** The address of the running desk. */
  start: async (past: Past): Promise<string> => {
    const events = inOrder(past);
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const body = url.pathname.includes("metric_events")
        ? eventPage(past, events, Number(url.searchParams.get("start_time")) * 1_000)
        : ticketPage(past, url.searchParams.get("cursor"));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
});

/** All events by time: where each is found, not what it says. */
function inOrder(past: Past): readonly Place[] {
  const places = Array.from({ length: past.tickets }, (_, ticket) =>
    eventsOf(past, ticket).map(({ at }, place) => ({ at, ticket, place })),
  );
  return places.flat().sort((a, b) => a.at - b.at);
}

function eventPage(past: Past, events: readonly Place[], from: number): object {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const page = events.slice(low, low + PAGE);
  return {
    ticket_metric_events: page.map(({ ticket, place }) => eventsOf(past, ticket)[place]?.row),
    count: page.length,
    end_time: Math.floor((page.at(-1)?.at ?? from) / 1_000),
    end_of_stream: low + PAGE >= events.length,
  };
}

function ticketPage(past: Past, cursor: string | null): object {
  const first = Number(cursor ?? 0);
  const count = Math.max(0, Math.min(PAGE, past.tickets - first));
  return {
    tickets: Array.from({ length: count }, (_, i) => ticketOf(past, first + i)),
    users: Array.from({ length: Math.min(count, 200) }, (_, i) => ({ id: 70_000 + i, role: "end-user" })),
    groups: [{ id: 3_600, name: "Support" }],
    after_cursor: String(first + count),
    end_of_stream: first + count >= past.tickets,
    generated: { first: createdAt(past, first), perTicket: EVENTS_A_TICKET },
  };
}
