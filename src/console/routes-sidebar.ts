/** Beside a ticket and beside an organization: what an agent sees and can do there. */
import { z } from "zod";
import { escalationMacros } from "../provision/desired-work.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import { seesMoney } from "./money.ts";
import { notFound } from "./problem.ts";
import { type ApiRoute, route } from "./route.ts";
import {
  escalation,
  organizationSidebar,
  reported,
  reportWish,
  ticketSidebar,
  ticketSidebarQuery,
} from "./schemas-sidebar.ts";
import { organizationSidebarOf, ticketSidebarOf } from "./sidebar.ts";

const deskId = z.object({ id: z.string().regex(/^\d{1,20}$/, "is a number in the help desk") });

/** The sidebars and their buttons. */
export const sidebarRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/tickets/{id}/sidebar",
    access: "agent",
    tag: "sidebar",
    summary: "Who is this, what did we promise, until when? From the store alone",
    params: deskId,
    query: ticketSidebarQuery,
    answers: ticketSidebar,
    handle: async (call, { params, query }) => {
      const organization = query.organization ?? null;
      const shown = await ticketSidebarOf(call.parts, params.id, organization, call.now);
      call.facts(shown.factsAt === null ? null : Date.parse(shown.factsAt));
      return shown;
    },
  }),
  route({
    method: "get",
    path: "/organizations/{id}/sidebar",
    access: "agent",
    tag: "sidebar",
    summary: "Tier, basis, contract, overrides and history of an organization's customer",
    params: deskId,
    answers: organizationSidebar,
    handle: async (call, { params }) => {
      const { parts, session, now } = call;
      const shown = await organizationSidebarOf(parts, params.id, seesMoney(parts, session), now);
      call.facts(shown.factsAt === null ? null : Date.parse(shown.factsAt));
      return shown;
    },
  }),
  route({
    method: "post",
    path: "/reports",
    access: "agent",
    tag: "sidebar",
    summary: '"Wrong tier?": files a review with the agent\'s note',
    body: reportWish,
    answers: reported,
    handle: async ({ parts, now, who }, { body }) => {
      const { lists, reports } = parts.store.console;
      const [row] = await lists.decisions({ ...EVERY_DECISION, ticketId: body.ticketId, limit: 1 });
      const id = `tr-${parts.secret().slice(0, 12)}`;
      const accountId = row?.record.accountId ?? null;
      const { ticketId, note } = body;
      await reports.add({
        id,
        ticketId,
        accountId,
        note,
        reportedBy: who,
        at: now,
        closedAt: null,
        closedBy: null,
      });
      return { id };
    },
  }),
  route({
    method: "post",
    path: "/tickets/{id}/escalate",
    access: "agent",
    tag: "sidebar",
    summary: "The macro to apply in the ticket editor, so that the ticket keeps its clock",
    params: deskId,
    answers: escalation,
    handle: async ({ parts }) => {
      const [macro] = escalationMacros(parts.policy.policy());
      const title = macro?.name ?? "";
      const macroId = title === "" ? null : await parts.apps.macroTitled(title);
      if (macroId === null)
        throw notFound(
          `The help desk has no active macro "${title}".`,
          "Have an administrator run `priority-support apply`, which makes it, or make a macro of this name by hand.",
        );
      const setTo = (field: string): string => {
        const found = macro?.fields.actions.find((one) => one.field === field)?.value;
        return typeof found === "string" ? found : "";
      };
      const tags = setTo("current_tags")
        .split(" ")
        .filter((tag) => tag !== "");
      return { macroId, title, note: setTo("comment_value"), tags };
    },
  }),
];
