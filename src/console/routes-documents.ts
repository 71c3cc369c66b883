/** Papers that a customer may be handed: what its tier promises, and how it was served. */
import { z } from "zod";
import { paperHtml, paperMarkdown } from "../report/documents/paper-written.ts";
import { slaPaper } from "../report/documents/sla.ts";
import { slaCustomer } from "../report/documents/sla-customer.ts";
import { ApiProblem, notFound } from "./problem.ts";
import { type ApiCall, type ApiRoute, type WrittenAnswer, writtenRoute } from "./route.ts";
import { windowFrom } from "./routes-reports.ts";
import { pathId } from "./schemas.ts";
import { reportQuery } from "./schemas-reports.ts";

const ofAccount = z.object({ id: pathId });
const format = z
  .enum(["html", "markdown"])
  .default("html")
  .meta({ description: "html is made to be printed" });
const reviewQuery = reportQuery.omit({ zone: true }).extend({
  format,
  variant: z
    .enum(["customer", "internal"])
    .default("customer")
    .meta({ description: "internal: causes from our records and cost to serve, for administrators" }),
});
const FILES = ["text/html", "text/markdown"];

/** The routes. */
export const documentRoutes: readonly ApiRoute[] = [
  writtenRoute({
    path: "/customers/{id}/sla",
    access: "agent",
    tag: "documents",
    summary: "The SLA document of the tier that the account has, made out to it",
    params: ofAccount,
    query: z.object({ format }),
    answers: null,
    files: FILES,
    handle: (call, { params, query }) => slaOf(call, params.id, query.format),
  }),
  writtenRoute({
    path: "/customers/{id}/review",
    access: "agent",
    tag: "documents",
    summary: "The business review of an account, for the customer or, to administrators, for us",
    params: ofAccount,
    query: reviewQuery,
    answers: null,
    files: FILES,
    handle: (call, { params, query }) => reviewOf(call, params.id, query),
  }),
];

async function slaOf(
  { parts, now }: ApiCall,
  id: string,
  form: z.output<typeof format>,
): Promise<WrittenAnswer> {
  const policy = parts.policy.policy();
  const customer = await slaCustomer(parts.store, policy, id, null);
  if ("refused" in customer)
    throw notFound(`No account ${id} with a tier is known.`, "Check the id, or wait for the next sync.");
  const tier = policy.tiers.find((one) => one.id === customer.tier);
  if (tier === undefined)
    throw notFound("The policy has no tier of this account any more.", "Wait for the next sync.");
  const paper = slaPaper({ policy, tier, customer, at: now });
  const text = form === "html" ? paperHtml(paper) : paperMarkdown(paper);
  return filed(text, form, `sla-${slug(customer.account.name ?? id)}`, now);
}

async function reviewOf(
  { parts, session, now }: ApiCall,
  accountId: string,
  query: z.output<typeof reviewQuery>,
): Promise<WrittenAnswer> {
  const { variant, format: form, since, until } = query;
  if (variant === "internal" && session?.role !== "admin")
    throw new ApiProblem(
      403,
      "forbidden",
      "The internal review tells causes and money.",
      "Ask an administrator for it, or take the customer's.",
    );
  const window = windowFrom(query, parts.policy.policy().timezone, now);
  const key = JSON.stringify(["review", accountId, variant, form, since, until]);
  const text = await parts.reports(key, { accountId, window, at: now, variant, form });
  if (text === null)
    throw notFound(
      `Nothing is remembered of account ${accountId} up to the end of that window.`,
      "Choose a later window: the past of accounts is kept from the first sync on.",
    );
  const name = (await parts.store.accounts.get(accountId))?.account.name ?? accountId;
  return filed(text, form, `${variant === "internal" ? "internal-" : ""}review-${slug(name)}`, now);
}

function filed(text: string, form: "html" | "markdown", name: string, now: number): WrittenAnswer {
  const day = new Date(now).toISOString().slice(0, 10);
  return {
    text,
    type: `text/${form}; charset=utf-8`,
    fileName: `${name}-${day}.${form === "html" ? "html" : "md"}`,
  };
}

/** A name in letters that every file system takes. */
function slug(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
  return plain === "" ? "account" : plain.slice(0, 60);
}
