/** Which deals belong to which company, which line items to which deal. */
import { TryAgain } from "../../src/errors.ts";
import { type Client, shaped } from "./client.ts";
import { LINK_BATCH } from "./limits.ts";
import { chunks } from "./read.ts";
import { linksSchema, type Problem, refusalOf } from "./schemas.ts";
import { type Linked, type LinkInput, readLinks } from "./sdk-related.ts";

/** One record at the other end; `primary` = marked as the link with the primary company. */
export interface Link {
  readonly id: string;
  readonly primary: boolean;
}

/** All links of one record. */
export interface Links {
  readonly to: readonly Link[];
  /** Some of its links could not be read: what is added up over them may lack something. */
  readonly odd: boolean;
}

/**
 * Type ids of "deal with primary company" (from the deal) and of the same link seen from the company. Remembered, not
 * verified: only ids may be relied on, the labels were renamed once already
 * (https://developers.hubspot.com/changelog/changes-to-primary-labels-for-hubspot-defined-association-labels, read
 * 2026-11-22).
 */
const PRIMARY_TYPE_IDS: readonly (string | null)[] = ["5", "6"];

type Answered = ReturnType<(typeof linksSchema)["parse"]>;

/**
 * The links of each record to another kind of record; a record without any is not in the answer.
 *
 * @throws TryAgain when HubSpot could not tell for some: "no answer" must never count as "no deals".
 */
export async function linksOf(
  client: Client,
  from: Linked,
  to: Linked,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Links>> {
  const found = new Map<string, { to: Link[]; odd: boolean }>();
  const asked = new Set<string>();
  let waiting: readonly LinkInput[] = [...new Set(ids)].map((id) => ({ id }));
  while (waiting.length > 0) {
    const next: LinkInput[] = [];
    for (const inputs of chunks(waiting, LINK_BATCH)) {
      const answer = await page(client, from, to, inputs, signal);
      refuseFailures(answer.errors, from, to);
      for (const row of answer.results) {
        const known = found.get(row.from) ?? { to: [], odd: false };
        known.to.push(...row.links.map(linkOf));
        known.odd ||= row.odd;
        found.set(row.from, known);
        if (row.after !== null) next.push(goingOn(asked, row.from, row.after));
      }
    }
    waiting = next;
  }
  return found;
}

function linkOf(row: Answered["results"][number]["links"][number]): Link {
  const primary = row.associationTypes.some(
    ({ category, typeId }) => category === "HUBSPOT_DEFINED" && PRIMARY_TYPE_IDS.includes(typeId),
  );
  return { id: row.toObjectId, primary };
}

async function page(
  client: Client,
  from: Linked,
  to: Linked,
  inputs: readonly LinkInput[],
  signal: AbortSignal,
): Promise<Answered> {
  const request = readLinks(from, to, inputs);
  const call = { request, lane: "tier_change", signal, expected: [404] } as const;
  const answer = await client.exchange(call);
  if (answer.status !== 404) return shaped(answer, linksSchema);
  if (refusalOf(answer.body)?.category !== "OBJECT_NOT_FOUND") throw await client.failureOf(answer, call);
  return { results: [], errors: [] };
}

/** A record that has no links, or is not there, is told as an error of the batch (remembered, not verified). */
function refuseFailures(errors: readonly Problem[], from: Linked, to: Linked): void {
  const failed = errors.find(
    ({ category, subCategory }) =>
      category !== "OBJECT_NOT_FOUND" && !(subCategory ?? "").endsWith("NO_ASSOCIATIONS_FOUND"),
  );
  if (failed !== undefined) throw new TryAgain(`HubSpot could not tell the ${to} of some ${from}`);
}

function goingOn(asked: Set<string>, id: string, after: string): LinkInput {
  const question = `${id}/${after}`;
  if (asked.has(question)) throw new TryAgain("HubSpot repeats the same page of links instead of going on");
  asked.add(question);
  return { id, after };
}
