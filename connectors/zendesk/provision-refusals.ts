/** Why Zendesk refused a change of its set-up, and what a person does about it. */
import { NeedsAdmin } from "../../src/errors.ts";
import type { Incoming } from "../http.ts";
import { refusalOf } from "./failure.ts";
import { recordOf } from "./schemas.ts";
import { list } from "./setup-schemas.ts";

/** Whose call was refused, over what. */
export interface Refused {
  readonly doing: string;
  /** `trigger category` */
  readonly noun: string;
  /** Our user's role, asked only when it matters. @throws Paused the token or the account is refused altogether. */
  readonly role: () => Promise<string>;
}

const AS_ZENDESK_SAYS =
  "Put right what Zendesk names, in the policy or in Admin Center, then run `priority-support plan` again.";
const ADMIN_TOKEN =
  "Make the API token as an administrator, or make its user one in Admin Center (People, Team members).";
const HIGHER_PLAN =
  "Leave it out of the policy, or change the Zendesk plan; run `priority-support check` to see what this plan has.";

/** Words for a feature that is switched off or used up (OpenAPI file of 2026-04-28, read 2026-11-22). */
const PLAN_CODES = ["TriggerCategoriesNotEnabled", "ProductLimitExceeded"];

/**
 * A refusal as what a person does next; null = it is one of the usual kind (busy, gone, token expired).
 *
 * 400 and 422 carry Zendesk's own words, which speak of our object alone. 403 is the token's user, unless he is an
 * administrator: then the plan lacks the thing, as 402 says, and 404 where nothing is named by id.
 */
export async function refusalFor(answer: Incoming, call: Refused): Promise<Error | null> {
  const { status } = answer;
  const code = refusalOf(answer).code ?? "";
  const words = sentencesOf(answer.body);
  const said = words === "" ? "" : `: ${words}`;
  if (status === 400 || status === 422)
    return new NeedsAdmin(`Zendesk did not accept this ${call.noun} while ${call.doing}${said}`, {
      fix: AS_ZENDESK_SAYS,
    });
  if (status === 402 || status === 404 || (status === 403 && PLAN_CODES.includes(code)))
    return lacking(status, said, call);
  if (status !== 403) return null;
  if ((await call.role()) === "admin") return lacking(status, said, call);
  return new NeedsAdmin(
    `Zendesk answered 403 while ${call.doing}: the token's user is not an administrator`,
    { fix: ADMIN_TOKEN },
  );
}

function lacking(status: number, said: string, call: Refused): Error {
  return new NeedsAdmin(
    `Zendesk answered ${status} while ${call.doing}: this account has no ${call.noun} to offer${said}`,
    { fix: HIGHER_PLAN },
  );
}

const LONGEST = 300;

/** The sentences of an error body, in all three shapes, short and on one line. "" = it said nothing. */
export function sentencesOf(body: unknown): string {
  const whole = recordOf(body);
  const details = Object.values(recordOf(whole?.details) ?? {}).flatMap((rows) =>
    list(rows).map((row) => row.description),
  );
  const errors = list(whole?.errors).flatMap((row) => [row.title, row.detail]);
  const rest = details.length > 0 ? [] : [whole?.description, recordOf(whole?.error)?.message];
  const sentences = [...details, ...errors, ...rest].filter(
    (one): one is string => typeof one === "string" && one !== "",
  );
  return [...new Set(sentences)].join(" ").replaceAll(/\s+/g, " ").slice(0, LONGEST);
}
