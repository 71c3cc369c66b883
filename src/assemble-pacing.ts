/** From configuration to the pacers of both upstreams: which limits, whose budget, how much patience. */
import { connectors } from "../connectors/index.ts";
import type { Config } from "./config.ts";
import { createPacer, type PacerOptions, type RunningPacer } from "./pacing.ts";
import type { Clock, Lane } from "./ports.ts";

/** How instances share their budgets, who hears of trouble, and whose time it is; all left out = the caller is alone. */
export type Pacing = Pick<PacerOptions, "budgets" | "alarm" | "warn" | "time">;

/** What can be seen of a pacer. */
export type Paced = Pick<RunningPacer, "left" | "answers">;

/** A ticket's call that would wait longer is handed back: a lease of 30 s then still has the 15 s that a write needs. */
const TICKET_PATIENCE_MS = 15_000;
/** Exports and jobs hold no lease; the next window is worth waiting for. */
const PATIENCE_MS = 90_000;
const CRM_PATIENCE_MS = 60_000;

/** The pacer of the help desk's account. */
export function deskPacer(config: Config, clock: Clock, pacing: Pacing): RunningPacer {
  const { account, classes } = connectors.zendesk.zendeskLimits;
  return createPacer({
    ...pacing,
    upstream: "Zendesk",
    key: `zendesk:${hostOf(config.text("ZENDESK_URL"))}`,
    account,
    classes,
    headroom: config.headroom,
    now: clock.now,
    patienceMs: deskPatience,
    credentials: () => secretsOf(config, ["ZENDESK_EMAIL", "ZENDESK_API_TOKEN", "ZENDESK_OAUTH_TOKEN"]),
  });
}

/** The pacer of the HubSpot account. */
export function hubspotPacer(config: Config, clock: Clock, pacing: Pacing): RunningPacer {
  const { account, classes } = connectors.hubspot.hubspotLimits;
  return createPacer({
    ...pacing,
    upstream: "HubSpot",
    key: `hubspot:${hostOf(config.text("HUBSPOT_URL") ?? "https://api.hubapi.com")}`,
    account,
    classes,
    headroom: config.headroom,
    now: clock.now,
    patienceMs: CRM_PATIENCE_MS,
    credentials: () => secretsOf(config, ["HUBSPOT_ACCESS_TOKEN"]),
  });
}

function deskPatience(endpointClass: string, lane: Lane): number {
  const ofTickets = endpointClass === "general" || endpointClass === "tickets-update";
  return ofTickets && lane !== "tier_change" ? TICKET_PATIENCE_MS : PATIENCE_MS;
}

function secretsOf(config: Config, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => config.secret(name) ?? config.text(name)));
}

function hostOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).host : "";
}
