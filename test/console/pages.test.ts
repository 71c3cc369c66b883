import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import express from "express";
import { openPages } from "../../src/console/pages.ts";

const folder = mkdtempSync(join(tmpdir(), "pages-"));
const DESK = "https://acme.zendesk.com";
let server: Server;
let url = "";

beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  const html = "<!doctype html><html><head><title>x</title></head><body></body></html>";
  for (const name of ["console.html", "sidebar.html"]) writeFileSync(join(folder, name), html);
  writeFileSync(join(folder, "assets", "console-1a2b.js"), "export {};");
  writeFileSync(join(folder, "logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  writeFileSync(join(folder, "secret.txt"), "never");
  const app = express();
  const pages = openPages(folder);
  const missing = openPages(join(folder, "nothing"));
  app.use(pages.assets);
  const frame = DESK;
  app.get("/framed", (_request, response) =>
    pages.send(response, { place: "ticket", session: '"><script>', role: "agent", frame }),
  );
  app.get("/plain", (_request, response) =>
    pages.send(response, { place: "console", session: null, role: null, frame: null }),
  );
  app.get("/missing", (_request, response) =>
    missing.send(response, { place: "console", session: "s3cret", role: "admin", frame }),
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const rules = (headers: Headers): ReadonlyMap<string, string> =>
  new Map(
    (headers.get("content-security-policy") ?? "").split("; ").map((rule): [string, string] => {
      const [name = "", ...values] = rule.split(" ");
      return [name, values.join(" ")];
    }),
  );

describe("the console's pages", () => {
  test("run scripts of their own only, load nothing from elsewhere, and are framed by nobody", async () => {
    const { status, headers } = await get("/plain");
    const policy = rules(headers);
    expect([status, policy.get("default-src"), policy.get("script-src"), policy.get("connect-src")]).toEqual([
      200,
      "'none'",
      "'self'",
      "'self'",
    ]);
    expect([policy.get("frame-ancestors"), policy.get("base-uri"), policy.get("form-action")]).toEqual([
      "'none'",
      "'none'",
      "'none'",
    ]);
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|https?:|\*/);
    expect([headers.get("x-frame-options"), headers.get("cache-control")]).toEqual(["DENY", "no-store"]);
  });

  test("inside the help desk are framed by that help desk alone, and carry the session as text", async () => {
    const { headers, text } = await get("/framed");
    expect(rules(headers).get("frame-ancestors")).toBe(DESK);
    expect(headers.get("x-frame-options")).toBeNull();
    expect(text).toContain('<meta name="ps-place" content="ticket">');
    expect(text).toContain('<meta name="ps-session" content="&#34;&#62;&#60;script&#62;">');
    expect(text).not.toMatch(/<script/);
  });

  test("have a fresh nonce for styles with every load", async () => {
    const [one, two] = [await get("/plain"), await get("/plain")];
    const nonce = (page: typeof one): string =>
      /'nonce-([\w-]+)'/.exec(rules(page.headers).get("style-src") ?? "")?.[1] ?? "";
    expect(nonce(one).length).toBeGreaterThan(20);
    expect(nonce(one)).not.toBe(nonce(two));
    expect(one.text).toContain(`<meta name="ps-style-nonce" content="${nonce(one)}">`);
  });

  test("keep hashed files for a year, pictures for an hour, and give out nothing else of their folder", async () => {
    const [script, picture] = [await get("/console/assets/console-1a2b.js"), await get("/console/logo.svg")];
    expect([script.status, script.headers.get("cache-control")]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
    expect([picture.status, picture.headers.get("cache-control")]).toEqual([200, "public, max-age=3600"]);
    for (const path of [
      "/console/secret.txt",
      "/console/console.html",
      "/console/assets/../secret.txt",
      "/console/assets/%2e%2e/secret.txt",
      "/console/assets/..%2fsecret.txt",
      "/console/assets/",
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });

  test("say how to build them where they are not built, and give no session away", async () => {
    const { status, text } = await get("/missing");
    expect([status, text]).toEqual([503, expect.stringContaining("npm run build:ui")]);
    expect(text).not.toContain("s3cret");
  });
});
