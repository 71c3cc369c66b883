/** Records what people are to be told: once per thing and person, before anything is sent. */
import { dayOf } from "../console/shown.ts";
import type { CalendarDate, Instant, People, Policy } from "../policy/model.ts";
import { presentFor } from "../policy/stand-in.ts";
import type { NewMessage, Notice, NoticeKind, Store } from "../ports.ts";
import { firstWay, type Ways, WEBHOOK_CHANNEL } from "./ways.ts";

/** One thing that some people should hear. */
export interface Telling {
  readonly kind: NoticeKind;
  readonly notice: Notice;
  /** E-mail addresses of those it concerns; who is away is replaced. */
  readonly to: readonly string[];
  readonly ticketId: string | null;
  readonly accountId: string | null;
  /** Not worth hearing from then on; null = always. */
  readonly goodUntil: Instant | null;
}

export interface TellPorts {
  readonly store: Pick<Store, "notices">;
  readonly ways: Ways;
  readonly policy: () => Policy;
  readonly simulating: () => Promise<boolean>;
}

/**
 * Records these for everybody they concern, and answers how many messages are new. What was recorded before, by whatever
 * instance, is not recorded again. While simulating it is recorded and never sent.
 */
export async function tell(ports: TellPorts, tellings: readonly Telling[], now: Instant): Promise<number> {
  const policy = ports.policy();
  const { people } = policy;
  if (people === null || tellings.length === 0) return 0;
  const around = {
    people,
    ways: ports.ways,
    on: dayOf(now, policy),
    state: (await ports.simulating()) ? ("simulated" as const) : ("waiting" as const),
    now,
  };
  return ports.store.notices.record(tellings.flatMap((telling) => messagesOf(telling, around)));
}

interface Around {
  readonly people: People;
  readonly ways: Ways;
  readonly on: CalendarDate;
  readonly state: NewMessage["state"];
  readonly now: Instant;
}

/** One message for each person, or one for the webhook's channel that names them; and one for the bot's channel. */
export function messagesOf(telling: Telling, around: Around): readonly NewMessage[] {
  const { kind, notice, to, ticketId, accountId, goodUntil } = telling;
  const { people, ways, on, state, now } = around;
  const way = firstWay(ways);
  const readers = readersOf(to, people, on);
  if (way === null || readers.size === 0) return [];
  const common = { kind, ticketId, accountId, goodUntil, state, recordedAt: now, way };
  const names = [...readers].map(([email, absent]) => named(email, absent));
  const forAll = { ...notice, lines: [...notice.lines, `For: ${names.join(", ")}`] };
  if (way === "webhook") return [{ ...common, notice: forAll, addressee: WEBHOOK_CHANNEL }];
  const single = [...readers].map(([email, absent]) => ({
    ...common,
    notice: absent.length === 0 ? notice : { ...notice, lines: [...notice.lines, named(email, absent)] },
    addressee: email,
  }));
  return people.channel === null || ways.slack === null
    ? single
    : [...single, { ...common, way: "slack", notice: forAll, addressee: people.channel }];
}

/** Who hears, each with those in whose place. */
function readersOf(
  to: readonly string[],
  people: People,
  on: CalendarDate,
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>();
  for (const email of new Set(to.map((one) => one.toLowerCase()))) {
    const reader = presentFor(email, people, on);
    const absent = readers.get(reader) ?? [];
    readers.set(reader, reader === email ? absent : [...absent, email]);
  }
  return readers;
}

function named(email: string, absent: readonly string[]): string {
  return absent.length === 0 ? email : `${email} in place of ${absent.join(", ")}`;
}
