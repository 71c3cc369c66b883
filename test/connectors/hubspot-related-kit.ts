/** A CRM with deals, our connector to it that needs them, and one clock that only moves when told. */
import type { RelatedSources, SoldLines } from "../../src/policy/model.ts";
import {
  type HubspotOptions,
  type HubspotSandbox,
  PIPELINES,
  startHubspotSandbox,
} from "../../src/sandbox/hubspot.ts";
import { collected, NOW, opened, running } from "./hubspot-standin.ts";

export const LINES: SoldLines = {
  kind: "sold_lines",
  sku: "hs_sku",
  start: "hs_recurring_billing_start_date",
  end: "hs_recurring_billing_end_date",
  scope: "support_scope",
  dealEnd: "contract_end",
  skus: ["ENT-SUPPORT"],
};

export const RELATED: RelatedSources = {
  "deals.arr": {
    kind: "deal_amounts",
    amount: "hs_arr",
    currency: null,
    currencyProperty: "deal_currency_code",
    start: "contract_start",
    end: "contract_end",
    pipelines: [],
    timezone: "UTC",
    base: "USD",
    rates: { USD: "1" },
  },
  "deals.renewal": { kind: "open_deals", pipelines: [PIPELINES.renewals] },
  "line_items.addons": LINES,
};

export const WON = { hs_is_closed_won: "true", hs_is_closed: "true", pipeline: "default" } as const;
export const OPEN = {
  hs_is_closed_won: "false",
  hs_is_closed: "false",
  pipeline: PIPELINES.renewals,
} as const;

/** A deal of these companies; the first is its primary one unless told otherwise. */
export function deal(
  id: string,
  companies: readonly string[],
  properties: Readonly<Record<string, string | null>> = {},
  primary = companies[0],
) {
  return {
    id,
    properties: { ...WON, hs_arr: "100", deal_currency_code: "USD", ...properties },
    companies: companies.map((company) => ({ id: company, primary: company === primary })),
  };
}

export interface Stage {
  readonly sandbox: HubspotSandbox;
  readonly crm: ReturnType<typeof opened>;
  readonly clock: { at: number };
  /** One handed-over property of one company, parsed. */
  readonly handed: (id: string, name: string) => Promise<unknown>;
  /** Ids that a poll finds which begins an overlap before the end of the poll before. */
  readonly poll: () => Promise<readonly string[]>;
}

/** Runs a test against such a CRM and ends it afterwards, whatever happens. */
export async function withDeals(
  options: Partial<HubspotOptions>,
  use: (stage: Stage) => Promise<void>,
  related: RelatedSources = RELATED,
): Promise<void> {
  const clock = { at: NOW };
  const sandbox = await startHubspotSandbox({
    companies: ["1", "2", "3"].map((id) => ({ id, properties: { name: `Company ${id}` } })),
    now: () => clock.at,
    limits: { perTenSeconds: Number.POSITIVE_INFINITY, searchPerSecond: Number.POSITIVE_INFINITY },
    ...options,
  });
  const crm = opened({ url: sandbox.url, token: () => sandbox.token, now: () => clock.at, related });
  const ends = { last: NOW };
  try {
    await use({
      sandbox,
      crm,
      clock,
      handed: async (id, name) => {
        const { accounts } = await crm.read([id], [name], running());
        return JSON.parse(accounts[0]?.values[name] ?? "null");
      },
      poll: async () => {
        clock.at += 60_000;
        const pages = await collected(
          crm.changes({ from: ends.last - crm.overlapMs, to: clock.at }, running()),
        );
        ends.last = clock.at;
        return pages.flatMap((page) => page.changed.map((one) => one.id));
      },
    });
  } finally {
    await sandbox.close();
  }
}
