/** Watches the way in: does the desk still tell us about new tickets? Says so once when it stops, once when it heals. */
import { type Alarm, WEBHOOK_BROKEN, webhookBroken } from "./alerts.ts";
import { broken as brokenLine, type CheckLine } from "./check/line.ts";
import { webhookLines } from "./check/webhook-lines.ts";
import { errorFields, type Log } from "./log.ts";
import type { Desk, DeskCondition, DeskConditions, DeskSetup, OwnedRecord } from "./ports.ts";

export interface WatchdogPorts {
  readonly desk: Pick<Desk, "inspect">;
  readonly publicUrl: string | null;
  readonly log: Log;
  /** What `apply` made; left out = nothing is compared with it. */
  readonly owned?: () => Promise<readonly OwnedRecord[]>;
  /** Left out = nobody is told. */
  readonly alarm?: Alarm;
}

export interface Watchdog {
  /** Looks now; answers what is broken. Never rejects: a desk that does not answer is another matter. */
  readonly look: () => Promise<readonly CheckLine[]>;
  /** What was broken at the last look; null = nobody has looked yet. */
  readonly broken: () => readonly CheckLine[] | null;
}

/** A watchdog for our webhook and the trigger that fires it. */
export function openWatchdog({ desk, publicUrl, log, owned, alarm }: WatchdogPorts): Watchdog {
  let broken: readonly CheckLine[] | null = null;
  let told = "";
  const look = async (): Promise<readonly CheckLine[]> => {
    try {
      const setup = await desk.inspect();
      const failing = webhookLines(setup, publicUrl).filter((line) => line.state === "fail");
      broken = [...failing, ...editedLines(setup, (await owned?.()) ?? [])];
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
    // At every look: one that lasts is told again after a day.
    if (said !== "") alarm?.raise(webhookBroken(broken));
    if (said === "" && told !== "") {
      log.info({}, "the help desk tells us about new tickets again");
      alarm?.over(WEBHOOK_BROKEN);
    }
    told = said;
    return broken;
  };
  return { look, broken: () => broken };
}

/** A trigger of ours that still fires, though not for all tickets any more. */
function editedLines({ triggers }: DeskSetup, owned: readonly OwnedRecord[]): readonly CheckLine[] {
  return owned.flatMap(({ kind, key, id, applied }) => {
    if (kind !== "trigger" || !key.startsWith(TELLING) || applied === null) return [];
    const now = triggers?.find((one) => one.id === id && one.active);
    if (now === undefined || !("conditions" in applied)) return [];
    if (written(now.conditions) === written(applied.conditions)) return [];
    return [
      brokenLine(
        "webhook",
        `trigger ${now.title}`,
        "Its conditions were changed since `apply`: not every ticket may be told to us any more.",
        "Look at `priority-support plan`, then run `priority-support apply`.",
      ),
    ];
  });
}

/** Keys of the triggers that call us. */
const TELLING = "tell/";

/** The same for conditions that say the same, in whatever order. */
function written(conditions: DeskConditions): string {
  const side = (rows: readonly DeskCondition[]): readonly string[] =>
    rows
      .map(({ field, operator, value }) => `${field} ${operator} ${value.split(" ").toSorted().join(" ")}`)
      .toSorted();
  return JSON.stringify([side(conditions.all), side(conditions.any)]);
}
