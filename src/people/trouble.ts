/** Trouble of the service that a person must act on, told to the policy's people as well: a sync that fails, a held run. */
import { dayOf } from "../console/shown.ts";
import type { Clock, Notice, Notifier } from "../ports.ts";
import { type TellPorts, tell } from "./tell.ts";
import { firstWay } from "./ways.ts";

/**
 * A notifier that tells the webhook's channel, where there is one, and records the notice for RevOps and whoever leads
 * support, where they can be reached by themselves. null = nobody can be told.
 */
export function troubleNotifier(
  channel: Notifier | null,
  ports: TellPorts & { readonly clock: Clock },
): Notifier | null {
  const way = firstWay(ports.ways);
  if (way === null || way === "webhook") return channel;
  const record = async (notice: Notice): Promise<void> => {
    const now = ports.clock.now();
    const policy = ports.policy();
    const { revops = [], lead = [] } = policy.people ?? {};
    // What lasts is told again every day, as in the channel.
    const key = `trouble:${notice.key}:${dayOf(now, policy)}`;
    const common = { ticketId: null, accountId: null, goodUntil: null };
    await tell(
      ports,
      [{ ...common, kind: "trouble", notice: { ...notice, key }, to: [...revops, ...lead] }],
      now,
    );
  };
  return {
    name: channel?.name ?? "people",
    test: async () => channel?.test(),
    notify: async (notice) => {
      // First what cannot fail: trouble with the channel must not keep it from people.
      await record(notice);
      await channel?.notify(notice);
    },
  };
}
