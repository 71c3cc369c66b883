/** Watches the way in: does the desk still tell us about new tickets? Says so once when it stops, once when it heals. */
import type { CheckLine } from "./check/line.ts";
import { webhookLines } from "./check/webhook-lines.ts";
import { errorFields, type Log } from "./log.ts";
import type { Desk } from "./ports.ts";

export interface WatchdogPorts {
  readonly desk: Pick<Desk, "inspect">;
  readonly publicUrl: string | null;
  readonly log: Log;
}

export interface Watchdog {
  /** Looks now; answers what is broken. Never rejects: a desk that does not answer is another matter. */
  readonly look: () => Promise<readonly CheckLine[]>;
  /** What was broken at the last look; null = nobody has looked yet. */
  readonly broken: () => readonly CheckLine[] | null;
}

/** A watchdog for our webhook and the trigger that fires it. */
export function openWatchdog({ desk, publicUrl, log }: WatchdogPorts): Watchdog {
  let broken: readonly CheckLine[] | null = null;
  let told = "";
  const look = async (): Promise<readonly CheckLine[]> => {
    try {
      broken = webhookLines(await desk.inspect(), publicUrl).filter((line) => line.state === "fail");
    } catch (error) {
      log.warn(errorFields(error), "webhook and trigger could not be looked at");
      return broken ?? [];
    }
    const said = broken.map((line) => `${line.name}: ${line.detail}`).join(" ");
    if (said !== "" && said !== told)
      log.error(
        { problems: said, fix: broken.map((line) => line.fix).join(" ") },
        "the help desk does not tell us about new tickets",
      );
    if (said === "" && told !== "") log.info({}, "the help desk tells us about new tickets again");
    told = said;
    return broken;
  };
  return { look, broken: () => broken };
}
