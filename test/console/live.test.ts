import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
beforeAll(async () => {
  console_ = await startConsoleWorld();
}, 60_000);
afterAll(() => console_?.close());

interface Event {
  readonly event: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An open stream, as a browser reads it. */
async function listen(who: Person, headers: Readonly<Record<string, string>> = {}) {
  const hangUp = new AbortController();
  const response = await fetch(`${console_.world.service.url}/api/v1/events`, {
    headers: { cookie: `ps_session=${who.secret}`, ...headers },
    signal: hangUp.signal,
  });
  const events: Event[] = [];
  const ended = (async () => {
    let rest = "";
    for await (const chunk of response.body ?? []) {
      const blocks = `${rest}${Buffer.from(chunk as Uint8Array).toString("utf8")}`.split("\n\n");
      rest = blocks.pop() ?? "";
      events.push(...blocks.flatMap(eventOf));
    }
    return "ended";
  })().catch(() => "hung up");
  return { response, events, ended, close: () => hangUp.abort() };
}

function eventOf(block: string): readonly Event[] {
  const line = (name: string): string | null => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
  const event = line("event");
  return event === null ? [] : [{ event, id: line("id"), data: JSON.parse(line("data") ?? "{}") }];
}

const arrives = (stream: Awaited<ReturnType<typeof listen>>, what: string, is: (one: Event) => boolean) =>
  console_.world.until(what, async () => stream.events.find(is) ?? null);

function makeTicket(): string {
  const from = console_.world.customer("addon_tam").email;
  return console_.world.desk.createTicket({ from, channel: "email", subject: "x", comment: { body: "y" } })
    .id;
}

describe("live updates", () => {
  test("tell of every decision as it is made and again when its SLA was read back", async () => {
    const stream = await listen(await console_.as("agent"));
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    await arrives(stream, "the first state", (one) => one.event === "state");
    const id = makeTicket();
    const told = await arrives(
      stream,
      "the verified decision",
      (one) => one.event === "decision" && one.data.ticketId === id && one.data.verification !== null,
    );
    expect(told.id).toBe(String(told.data.seq));
    stream.close();
    expect(await stream.ended).toBe("hung up");
  });

  test("tell of the switches, whoever turned them", async () => {
    const stream = await listen(await console_.as("agent"));
    const admin = await console_.as("admin");
    await arrives(stream, "the first state", (one) => one.event === "state");
    await admin.call("POST", "/api/v1/pause", {});
    const paused = (one: Event): boolean =>
      one.event === "state" && (one.data.switches as { pausedSince: string | null }).pausedSince !== null;
    await arrives(stream, "the pause", paused);
    await admin.call("POST", "/api/v1/resume", {});
    stream.close();
  });

  test("a page that comes back is told what it missed, and one that was long away to load anew", async () => {
    const before = await console_.world.service.store.console.lists.decisionsAfter(0, 1000);
    const id = makeTicket();
    await console_.world.settled(id);
    const stream = await listen(await console_.as("agent"), {
      "last-event-id": String(before.at(-1)?.seq ?? 0),
    });
    const missed = await arrives(stream, "the missed decision", (one) => one.event === "decision");
    expect(missed.data.ticketId).toBe(id);
    stream.close();
    const odd = await listen(await console_.as("agent"), { "last-event-id": "nonsense" });
    await arrives(odd, "the first state", (one) => one.event === "state");
    odd.close();
  });

  test("end when the person signs out, wherever that was", async () => {
    const agent = await console_.as("agent");
    const stream = await listen(agent);
    await agent.call("DELETE", "/api/v1/session");
    expect(await stream.ended).toBe("ended");
    expect(stream.events.at(-1)?.event).toBe("signed-out");
  });

  test("are given to six pages of one person at most, and a closed page makes room", async () => {
    const agent = await console_.as("agent");
    const streams = await Promise.all(Array.from({ length: 6 }, () => listen(agent)));
    const seventh = await listen(agent);
    expect([seventh.response.status, seventh.response.headers.get("content-type")]).toEqual([
      429,
      "application/json; charset=utf-8",
    ]);
    streams[0]?.close();
    await console_.world.until("room for one more", async () => {
      const again = await listen(agent);
      again.close();
      return again.response.status === 200 ? true : null;
    });
    for (const stream of streams) stream.close();
  });

  test("do not keep the service from stopping", async () => {
    const stream = await listen(await console_.as("agent"));
    const began = performance.now();
    await console_.world.restart();
    expect(performance.now() - began).toBeLessThan(4_500);
    expect(await stream.ended).toBe("ended");
  });
});
