/** Runs in every test file: no network beyond loopback, and no HTTP mock left unused or unmatched. */
import { afterAll, afterEach, beforeAll } from "@jest/globals";
import nock from "nock";

const unmatched: string[] = [];

beforeAll(() => {
  nock.disableNetConnect();
  nock.enableNetConnect((host) => host.startsWith("127.0.0.1") || host.startsWith("localhost"));
  nock.emitter.on("no match", (request: Request) => {
    const { hostname, pathname } = new URL(request.url);
    if (hostname !== "127.0.0.1" && hostname !== "localhost") unmatched.push(`${hostname}${pathname}`);
  });
});

afterEach(() => {
  const unused = nock.pendingMocks();
  const missed = unmatched.splice(0);
  nock.cleanAll();
  if (unused.length > 0) throw new Error(`mocked but never called: ${unused.join(", ")}`);
  if (missed.length > 0) throw new Error(`called but not mocked: ${missed.join(", ")}`);
});

// Each test file loads its own nock, and each wraps the process's sockets once more: left in place they pile up and
// break real connections of the files that follow.
afterAll(() => nock.restore());
