/**
 * What a caller sees when Zendesk has a bad moment, for the two published Node clients.
 *
 * Both send the same ticket update to a server on loopback that answers in one fixed, unpleasant way. Every probe runs
 * in a process of its own, because some of them end the process. Prints a Markdown table on stdout.
 *
 *   npm ci && node zendesk-clients.mjs
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const WAIT_MS = 6_000;
const require = createRequire(import.meta.url);
const json = { "content-type": "application/json" };

const FAULTS = [
  {
    name: "200 (all is well)",
    answer: (response) => response.writeHead(200, json).end('{"ticket":{"id":1,"priority":"high"}}'),
  },
  {
    name: "429, `Retry-After: 2`, JSON body",
    answer: (response) =>
      response.writeHead(429, { ...json, "retry-after": "2" }).end('{"error":"TooManyRequests"}'),
  },
  {
    name: "503, `Retry-After: 2`, text body",
    answer: (response) => response.writeHead(503, { "retry-after": "2" }).end("Service Unavailable"),
  },
  {
    name: "409 (the ticket changed meanwhile)",
    answer: (response) => response.writeHead(409, json).end('{"error":"UpdateConflict"}'),
  },
  {
    name: "422 (the ticket is closed)",
    answer: (response) => response.writeHead(422, json).end('{"error":"RecordInvalid"}'),
  },
  {
    name: "502 with an HTML page",
    answer: (response) =>
      response.writeHead(502, { "content-type": "text/html" }).end("<html>Bad gateway</html>"),
  },
  { name: "connection reset", answer: (_response, socket) => socket.resetAndDestroy() },
  { name: "no answer at all", answer: () => undefined },
];

const CLIENTS = {
  "zendesk-node-api": { call: throughNodeApi, get: throughNodeApiRead },
  "node-zendesk": { call: throughNodeZendesk, get: throughNodeZendeskRead },
};

async function throughNodeApi(url) {
  return nodeApi(url).tickets.update(1, { priority: "high" });
}

async function throughNodeApiRead(url) {
  return nodeApi(url).tickets.show(1);
}

function nodeApi(url) {
  const Zendesk = require("zendesk-node-api");
  return new Zendesk({ url, email: "agent@example.com", token: "t" });
}

async function throughNodeZendesk(url) {
  const { response, result } = await nodeZendesk(url).tickets.update(1, { ticket: { priority: "high" } });
  return { httpStatus: response?.status ?? null, result };
}

async function throughNodeZendeskRead(url) {
  const { response, result } = await nodeZendesk(url).tickets.show(1);
  return { httpStatus: response?.status ?? null, result };
}

function nodeZendesk(url) {
  const { createClient } = require("node-zendesk");
  return createClient({ username: "agent@example.com", token: "t", endpointUri: `${url}/api/v2` });
}

/** One line that says what the caller holds in its hands afterwards. */
function seen(value) {
  if (value instanceof Error) return `${value.name}: ${value.message.split("\n")[0]}`;
  if (value !== null && typeof value === "object" && value.result instanceof Error)
    return `{"httpStatus":${value.httpStatus},"result": Error("${value.result.message}")}`;
  return JSON.stringify(value) ?? String(value);
}

async function probe(client, verb, url) {
  const started = performance.now();
  const report = (how, value) => {
    const fields = value instanceof Error ? `; own fields: ${Object.keys(value).join(", ") || "none"}` : "";
    process.stdout.write(
      JSON.stringify({ how, what: seen(value) + fields, ms: Math.round(performance.now() - started) }),
    );
  };
  try {
    report("resolves", await CLIENTS[client][verb](url));
  } catch (error) {
    report("rejects", error);
  }
}

async function listen(answer) {
  const counts = { requests: 0 };
  const server = createServer((request, response) => {
    counts.requests += 1;
    request.resume();
    request.on("end", () => answer(response, request.socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, counts, url: `http://127.0.0.1:${server.address().port}` };
}

async function run(client, verb, fault) {
  const { server, counts, url } = await listen(fault.answer);
  const child = spawn(
    process.execPath,
    ["--no-deprecation", fileURLToPath(import.meta.url), "probe", client, verb, url],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), WAIT_MS);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return `${outcome(code, out, errors)} (${counts.requests} sent)`;
}

function outcome(code, out, errors) {
  const crash = /^(\w*Error: .*)$/m.exec(errors)?.[1] ?? "no message";
  if (code === null) return `nothing for ${WAIT_MS / 1000} s`;
  if (code !== 0) return `**the process ends**: \`${crash}\``;
  const { how, what } = JSON.parse(out);
  return `**${how}**: \`${what.replaceAll("|", "\\|").replace(/127\.0\.0\.1:\d+/, "HOST")}\``;
}

async function table() {
  const version = (name) =>
    JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  const names = Object.keys(CLIENTS);
  console.log(`| Zendesk answers | ${names.map((n) => `${n} ${version(n)}`).join(" | ")} |`);
  console.log(`|---|${names.map(() => "---").join("|")}|`);
  const rows = [
    ...FAULTS.map((fault) => ["call", "PUT", fault]),
    ["get", "GET", FAULTS.find(({ name }) => name.startsWith("502"))],
    ["get", "GET", FAULTS.find(({ name }) => name.startsWith("connection"))],
  ];
  for (const [verb, method, fault] of rows) {
    const cells = [];
    for (const name of names) cells.push(await run(name, verb, fault));
    console.log(`| ${method}: ${fault.name} | ${cells.join(" | ")} |`);
  }
  console.log(`\nNode ${process.version}.`);
}

const [mode, client, verb, url] = process.argv.slice(2);
if (mode === "probe") await probe(client, verb, url);
else await table();
