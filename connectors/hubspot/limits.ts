/**
 * What HubSpot allows, as data. Sources (read 2026-11-22):
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (calls),
 * https://developers.hubspot.com/docs/api-reference/search/guide (search).
 */

/** The two budgets of an account: search has its own, everything else shares one. */
export type EndpointClass = "search" | "general";

/**
 * How fast HubSpot may be called, for the pacer: `limit` calls in any window of `perMs`.
 *
 * 100 calls in 10 s is the smallest allowance (Free and Starter; Professional and Enterprise have 190): the headers
 * of each answer tell the pacer how much is really left. Search is 5 a second for all apps of the account together;
 * we take a tenth more than a second for 5, because what leaves a second apart can arrive closer together. The day's
 * budget (250,000 and up) is shared with every other app, so only a refusal can tell that it is used up.
 */
export const hubspotLimits = {
  account: { limit: 100, perMs: 10_000 },
  classes: { search: { limit: 5, perMs: 1_100 } },
} as const;

/** Records in one page of a search. */
export const SEARCH_PAGE = 200;
/** One search query never answers more than this; asking beyond is refused with 400. */
export const SEARCH_CEILING = 10_000;
/** Records in one page of a list. */
export const LIST_PAGE = 100;
/** Records in one batch, for reading and for writing. */
export const BATCH = 100;
/**
 * Records whose links are asked for in one call (1,000 since 2025-02-10; links beyond a page come by `after`, record by
 * record: https://developers.hubspot.com/changelog/bug-fix-batch-read-limit-for-hubspot-associations-api, read
 * 2026-11-22).
 */
export const LINK_BATCH = 1_000;
/**
 * How far a window of changes must reach back, ms. The search index lags behind the records (recorded: up to 30 s,
 * HubSpot says "a few moments"); ten minutes cost little, because equal stamps are not read again.
 */
export const INDEX_LAG_MS = 10 * 60_000;
