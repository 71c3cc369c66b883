/** How people hear of trouble in a running service. */
import { type Alarm, openAlarm } from "./alerts.ts";
import { openNotifier } from "./assemble.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Clock, Store } from "./ports.ts";

/** An alarm to the chat channel of the settings; without one nobody is told. While `quiet` says so neither. */
export function alarmOf(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { register }: Pick<Store, "register">,
  quiet: () => Promise<boolean>,
): Alarm {
  return openAlarm({ notifier: openNotifier(config, clock), register, clock, log }, quiet);
}
