/** The API budgets of a running service: shared through the store, with people told when an upstream closes on us. */
import { alertOnce, alertOver } from "./alerts.ts";
import { openNotifier } from "./assemble.ts";
import type { Pacing } from "./assemble-pacing.ts";
import type { Config } from "./config.ts";
import { errorFields, type Log } from "./log.ts";
import type { PacerTime } from "./pacing/time.ts";
import type { Clock, Store } from "./ports.ts";

/** How the pacers of one service share and tell. Where time is played there is one instance, and nobody to share with. */
export function pacingFor(
  config: Config,
  store: Store,
  clock: Clock,
  log: Log,
  playedTime: PacerTime | null,
): Pacing {
  const { budgets, register } = store;
  const notifier = openNotifier(config, clock);
  return {
    ...(playedTime === null ? { budgets } : { time: playedTime }),
    warn: (message) => log.warn({}, message),
    alarm: {
      raise(notice) {
        log.error({ notice: notice.key, lines: notice.lines }, notice.title);
        void alertOnce({ notifier, register, clock, log }, notice);
      },
      over(key) {
        alertOver(register, key).catch((error: unknown) =>
          log.warn(errorFields(error), "that an upstream is open again could not be written down"),
        );
      },
    },
  };
}
