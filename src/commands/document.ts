/** `document sla` and `document qbr`: what a customer may be handed, as a printable page or Markdown. */
import { systemClock } from "../clock.ts";
import type { Policy, Tier } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { paperHtml, paperMarkdown } from "../report/documents/paper-written.ts";
import { reviewPaper } from "../report/documents/review.ts";
import { reviewFigures } from "../report/documents/review-figures.ts";
import { type SlaCustomer, slaPaper } from "../report/documents/sla.ts";
import { slaCustomer } from "../report/documents/sla-customer.ts";
import { windowOf } from "../report/window.ts";
import { onStore, policyOf } from "./on-store.ts";
import { hand, unknown } from "./report.ts";
import { complain, EXIT } from "./terminal.ts";

export interface DocumentOptions {
  readonly tier?: string;
  readonly account?: string;
  readonly since?: string;
  readonly until?: string;
  readonly internal?: boolean;
  readonly format?: string;
  readonly out?: string;
}

const FORMATS = { html: paperHtml, markdown: paperMarkdown } as const;

/** The SLA document of a tier; exit 1 when the account is not known or has another tier. */
export async function slaCommand(options: DocumentOptions): Promise<number> {
  const asked = options.format ?? "html";
  if (asked !== "html" && asked !== "markdown") return unknown("format", asked, Object.keys(FORMATS));
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const tier = policy.tiers.find((one) => one.id === options.tier);
    if (tier === undefined)
      return unknown(
        "tier",
        options.tier ?? "",
        policy.tiers.map((one) => one.id),
      );
    const customer =
      options.account === undefined ? null : await customerOf(store, policy, tier, options.account);
    if (customer === "refused") return EXIT.problems;
    const paper = slaPaper({ policy, tier, customer, at: systemClock.now() });
    return hand(FORMATS[asked](paper), options.out);
  });
}

/** The account with its tier, or what is wrong with it. */
async function customerOf(
  store: Store,
  policy: Policy,
  tier: Tier,
  id: string,
): Promise<SlaCustomer | "refused"> {
  const accountId = id.includes(":") ? id : `hubspot:${id}`;
  const customer = await slaCustomer(store, policy, accountId, tier.id);
  if (!("refused" in customer)) return customer;
  complain(
    customer.refused === "unknown"
      ? `No account ${accountId} with a tier is known.\nfix: Check the id, or run \`priority-support sync\` first.`
      : `${customer.name} has ${customer.hasName}, not ${tier.name}: this document would promise what it is not owed.\nfix: Give --tier ${customer.has}, or leave out --account.`,
  );
  return "refused";
}

/** The business review of an account; exit 1 when nothing is known of it. */
export async function qbrCommand(options: DocumentOptions): Promise<number> {
  const asked = options.format ?? "html";
  if (asked !== "html" && asked !== "markdown") return unknown("format", asked, Object.keys(FORMATS));
  const id = options.account ?? "";
  const accountId = id.includes(":") ? id : `hubspot:${id}`;
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const at = systemClock.now();
    const window = windowOf(options, policy.timezone, at);
    if ("problem" in window) {
      complain(`${window.problem}\nfix: ${window.fix}`);
      return EXIT.usage;
    }
    const figures = await reviewFigures({ facts: store.facts, policy, accountId, window, at });
    if (figures === null) {
      complain(
        `Nothing is remembered of account ${accountId} up to the end of that window.\nfix: Check the id and --until; the past of accounts is kept from the first sync on.`,
      );
      return EXIT.problems;
    }
    const paper = reviewPaper({ policy, window, at, figures, internal: options.internal === true });
    return hand(FORMATS[asked](paper), options.out);
  });
}
