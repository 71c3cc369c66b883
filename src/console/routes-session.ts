/** Signing in and out, and the API's own description. */
import type { z } from "zod";
import { seesMoney } from "./money.ts";
import { notFound } from "./problem.ts";
import { type ApiCall, type ApiRoute, route } from "./route.ts";
import { done } from "./schemas.ts";
import { exchange, session, signInWays } from "./schemas-session.ts";
import { exchangeLink, IDLE_MS } from "./sessions.ts";
import { iso } from "./shown.ts";

/** The sign-in routes. */
export const sessionRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/sign-in",
    access: "anyone",
    tag: "session",
    summary: "How people sign in here",
    answers: signInWays,
    handle: async ({ parts }) => ({
      link: true as const,
      oidc: parts.identity === null ? null : { name: parts.identity.name, start: "/console/oidc/start" },
    }),
  }),
  route({
    method: "post",
    path: "/session",
    access: "anyone",
    tag: "session",
    summary: "Exchanges a one-time link for a session; the browser gets a cookie",
    body: exchange,
    answers: done,
    handle: async (call, { body }) => {
      const secret = await exchangeLink(call.parts.store.console.sessions, body.token, call.now);
      if (secret === null)
        throw notFound(
          "The sign-in link is unknown, was used before, or is older than 10 minutes.",
          "Have a new one made: `priority-support console link --email … --role …`.",
        );
      call.keepSession(secret);
      return { ok: true as const };
    },
  }),
  route({
    method: "get",
    path: "/session",
    access: "agent",
    tag: "session",
    summary: "Who is signed in",
    answers: session,
    handle: async (call) => whoAmI(call),
  }),
  route({
    method: "delete",
    path: "/session",
    access: "agent",
    tag: "session",
    summary: "Signs out; live updates of this session end",
    answers: done,
    handle: async (call) => {
      if (call.session !== null) await call.parts.store.console.sessions.end(call.session.id);
      if (call.session?.how !== "zendesk") call.keepSession(null);
      return { ok: true as const };
    },
  }),
];

function whoAmI({ parts, session: one, who }: ApiCall): z.input<typeof session> {
  return {
    email: who,
    role: one?.role ?? "agent",
    how: one?.how ?? "link",
    expiresAt: iso(one?.expiresAt ?? 0),
    idleMinutes: IDLE_MS / 60_000,
    helpDesk: { name: parts.desk.name, url: parts.apps.origin },
    policyReadOnly: parts.policySource.explicit,
    timezone: parts.policy.policy().timezone,
    seesMoney: seesMoney(parts, one),
  };
}
