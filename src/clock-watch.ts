/** Notices a clock that is wrong, here or at a sender: genuine webhooks that keep coming with a time far from now. */
import { type AlertPorts, alertOnce, alertOver } from "./alerts.ts";
import { errorFields } from "./log.ts";
import type { Notice } from "./ports.ts";

export interface ClockWatch {
  /** A genuine webhook came; `flagged` = signed more than five minutes before or after now. */
  seen(source: string, flagged: boolean): void;
  /** Resolves when everybody who had to be told has been. */
  idle(): Promise<void>;
}

/** One or two may have been held up on their way, or be somebody's replay. */
const IN_A_ROW = 3;

/** A watch that tells people once, and again when it had passed. */
export function openClockWatch(alerts: AlertPorts): ClockWatch {
  const flagged = new Map<string, number>();
  let telling: Promise<unknown> = Promise.resolve();
  const tell = (what: () => Promise<unknown>): void => {
    telling = telling.then(what).catch((error: unknown) => {
      alerts.log.warn(errorFields(error), "a wrong clock could not be told of");
    });
  };
  return {
    seen(source, isFlagged) {
      const before = flagged.get(source) ?? 0;
      if (isFlagged) {
        flagged.set(source, before + 1);
        if (before + 1 === IN_A_ROW) tell(() => alertOnce(alerts, clockWrong(source)));
      } else if (before > 0) {
        flagged.delete(source);
        if (before >= IN_A_ROW) tell(() => alertOver(alerts.register, clockWrong(source).key));
      }
    },
    idle: async () => void (await telling),
  };
}

function clockWrong(source: string): Notice {
  return {
    key: `clock:${source}`,
    title: "Webhooks arrive with a wrong time",
    lines: [
      `${source}: the last ${IN_A_ROW} genuine webhooks were signed more than five minutes before or after now.`,
      "Nothing is lost: they are stored, and tickets and companies are read afresh.",
      "fix: Check this machine's clock (timedatectl). If it is right, the sender's deliveries are late.",
    ],
    severity: "warning",
    link: null,
  };
}
