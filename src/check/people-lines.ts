/** Would people hear in time? Which ways to them work, and who would not be told. */
import { firstWay, type Ways } from "../people/ways.ts";
import type { Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { asked } from "./asking.ts";
import { type CheckLine, doubtful, fine } from "./line.ts";

const SETTINGS = "SLACK_BOT_TOKEN, SMTP_URL with MAIL_FROM, or SLACK_WEBHOOK_URL";

/** One line about who hears, one for each way besides the webhook's, and one for messages that reached nobody. */
export async function peopleLines(
  policy: Policy,
  ways: Ways,
  store: Pick<Store, "notices"> | null,
): Promise<readonly CheckLine[]> {
  const tried = await Promise.all(
    [ways.slack, ways.email].flatMap((way) =>
      way === null
        ? []
        : [
            asked("people", way.name, () => way.test()).then(
              ({ line }) => line ?? fine("people", way.name, "takes messages"),
            ),
          ],
    ),
  );
  const parked = store === null ? 0 : (await store.notices.counts()).parked;
  const stuck = doubtful(
    "people",
    "messages",
    `${parked} reached nobody; GET /api/v1/notices?state=parked says why`,
    "Put right what it says, then POST /api/v1/notices/retry, or let them be: later stages are told anyway.",
  );
  return [heardLine(policy, ways), ...tried, ...(parked > 0 ? [stuck] : [])];
}

function heardLine({ people, tiers, defaultTier }: Policy, ways: Ways): CheckLine {
  if (people === null)
    return fine(
      "people",
      "who is told",
      "the policy names nobody: no clock, digest or date is told to anybody",
    );
  const lowest = tiers.find(({ id }) => id === defaultTier)?.rank ?? 0;
  const silent = tiers.filter(
    ({ id, rank }) => rank > lowest && (people.leads[id] ?? people.lead).length === 0,
  );
  const missing = [
    ...silent.map(({ name }) => `no lead hears of ${name}`),
    ...(people.lead.length === 0 ? ["nobody hears of capacity, differentiation and the week"] : []),
    ...(people.revops.length === 0 ? ["nobody hears of entitlements that end"] : []),
  ].join("; ");
  const way = firstWay(ways);
  if (way === null)
    return doubtful(
      "people",
      "who is told",
      "the policy names people, and there is no way to tell any of them",
      `Set ${SETTINGS}.`,
    );
  const how =
    way === "webhook"
      ? "everything goes to the one channel of SLACK_WEBHOOK_URL"
      : `people hear by ${way} first`;
  return fine("people", "who is told", missing === "" ? how : `${how}; ${missing}`);
}
