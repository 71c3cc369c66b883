import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type CompanySite, startCompanySite } from "./company-site.ts";
import { at, type ConsoleWorld, person, startConsoleWorld } from "./world.ts";

const CLIENT = { id: "priority-support", secret: "company-secret" };
let site: CompanySite;
let console_: ConsoleWorld;

beforeAll(async () => {
  site = await startCompanySite(CLIENT);
  console_ = await startConsoleWorld({
    synced: false,
    env: {
      OIDC_ISSUER: site.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_ADMIN_GROUP: "support-admins",
    },
  });
}, 60_000);
afterAll(async () => {
  await console_?.close();
  await site?.close();
});
beforeEach(() => {
  console_.world.clock.advanceTo(console_.world.clock.now() + 61_000);
  Object.assign(site.next, { claims: {}, nonce: undefined, audience: undefined, foreign: undefined });
});

interface Step {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
  readonly text: string;
}

async function visit(address: string, cookie = ""): Promise<Step> {
  const response = await fetch(address, { redirect: "manual", headers: cookie === "" ? {} : { cookie } });
  const { status, headers } = response;
  const cookies = headers.getSetCookie();
  return { status, location: headers.get("location") ?? "", cookies, text: await response.text() };
}

/** Out to the company's site and back, as one browser does it. */
async function signIn(change: (back: URL) => void = () => {}, keepsCookie = true): Promise<Step> {
  const url = console_.world.service.url;
  const out = await visit(`${url}/console/oidc/start`);
  const there = await visit(out.location);
  const back = new URL(there.location);
  change(back);
  return visit(back.href, keepsCookie ? (out.cookies[0]?.split(";")[0] ?? "") : "");
}

async function who(step: Step) {
  const secret = /^ps_session=([\w-]{20,})/.exec(
    step.cookies.find((one) => one.startsWith("ps_session=")) ?? "",
  )?.[1];
  return person(console_.world.service.url, secret ?? null).call("GET", "/api/v1/session");
}

describe("signing in at the company's own site", () => {
  test("leaves with PKCE, state and nonce, and comes back as that person with the role of the group", async () => {
    site.next.claims = { email: "kim@acme.example", groups: ["everyone", "support-admins"] };
    const out = await visit(`${console_.world.service.url}/console/oidc/start`);
    const asked = new URL(out.location).searchParams;
    expect([asked.get("code_challenge_method"), asked.get("scope")]).toEqual([
      "S256",
      "openid email profile",
    ]);
    expect((asked.get("state") ?? "").length).toBeGreaterThan(20);
    expect((asked.get("nonce") ?? "").length).toBeGreaterThan(20);
    expect(out.cookies[0]).toMatch(
      /^ps_oidc=[\w-]+; .*Path=\/console\/oidc\/callback; .*HttpOnly; SameSite=Lax/,
    );
    const back = await signIn();
    expect([back.status, back.location]).toEqual([303, "/console"]);
    expect((await who(back)).body).toMatchObject({ email: "kim@acme.example", role: "admin", how: "oidc" });
    expect(site.exchanges.at(-1)?.get("code_verifier")?.length).toBeGreaterThan(40);
  });

  test.each([
    ["in another group", { groups: ["sales"] }, "agent"],
    ["in no group", {}, "agent"],
    ["whose group only begins alike", { groups: ["support-admins-emea"] }, "agent"],
    ["whose group comes as a role", { roles: "support-admins" }, "admin"],
  ])("somebody %s gets the role %s %s", async (_what, claims, role) => {
    site.next.claims = { email: "lee@acme.example", ...claims };
    expect(at(await who(await signIn()), "role")).toBe(role);
  });

  test.each([
    ["a way back that another browser began", () => signIn(() => {}, false)],
    ["another state", () => signIn((back) => back.searchParams.set("state", "x"))],
    ["another code", () => signIn((back) => back.searchParams.set("code", "x"))],
    [
      "a refusal by the site",
      () =>
        signIn((back) => {
          back.searchParams.delete("code");
          back.searchParams.set("error", "access_denied");
        }),
    ],
    [
      "a token for another client",
      () => {
        site.next.audience = "other";
        return signIn();
      },
    ],
    [
      "a token of an earlier sign-in (nonce)",
      () => {
        site.next.nonce = "old";
        return signIn();
      },
    ],
    [
      "a token signed by somebody else",
      () => {
        site.next.foreign = true;
        return signIn();
      },
    ],
    [
      "nobody's address",
      () => {
        site.next.claims = {};
        return signIn();
      },
    ],
    [
      "an unverified address",
      () => {
        site.next.claims = { email: "x@acme.example", email_verified: false };
        return signIn();
      },
    ],
  ] as const)("%s lets nobody in and says so", async (_what, attempt) => {
    site.next.claims = { email: "kim@acme.example", groups: ["support-admins"] };
    const step = await attempt();
    expect([401, 502]).toContain(step.status);
    expect(step.cookies.some((one) => one.startsWith("ps_session="))).toBe(false);
    expect(step.text).toContain("<h1>");
    expect(step.text).not.toMatch(/company-secret|code-\d|at \w+ \(/);
  });

  test("the same way back works once", async () => {
    site.next.claims = { email: "kim@acme.example" };
    const url = console_.world.service.url;
    const out = await visit(`${url}/console/oidc/start`);
    const there = await visit(out.location);
    const cookie = out.cookies[0]?.split(";")[0] ?? "";
    expect((await visit(there.location, cookie)).status).toBe(303);
    expect((await visit(there.location, cookie)).status).toBe(401);
  });

  test("the sign-in page learns that it is there", async () => {
    const { body } = await console_.nobody.call("GET", "/api/v1/sign-in");
    expect(body).toEqual({
      link: true,
      oidc: { name: new URL(site.issuer).host, start: "/console/oidc/start" },
    });
  });
});
