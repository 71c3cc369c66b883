/** `pause` and `resume`: stop and go on writing outside, for all instances at once. */
import { systemClock } from "../clock.ts";
import { pause, resume } from "../switches.ts";
import { moment, onStore } from "./on-store.ts";
import { EXIT, say, sayJson } from "./terminal.ts";

/** Stops writing outside; running services notice at their next write. Pausing twice is no mistake. */
export function pauseCommand(options: { readonly json?: boolean }): Promise<number> {
  return onStore(async (store) => {
    const since = await pause(store.register, systemClock.now());
    const { pending } = await store.inbox.backlog();
    if (options.json === true) sayJson({ paused: true, since: new Date(since).toISOString(), pending });
    else
      say(
        `Paused since ${moment(since)}: nothing is written to the help desk or the CRM. Webhooks are still accepted and wait (${pending} now). Go on with \`priority-support resume\`.`,
      );
    return EXIT.fine;
  });
}

/** Lets writing go on; what waited is worked on within seconds. */
export function resumeCommand(options: { readonly json?: boolean }): Promise<number> {
  return onStore(async (store) => {
    const since = await resume(store.register);
    const { pending } = await store.inbox.backlog();
    if (options.json === true)
      sayJson({ paused: false, was: since === null ? null : new Date(since).toISOString(), pending });
    else
      say(
        since === null
          ? "Nothing was paused."
          : `Writing goes on; it was paused since ${moment(since)}. ${pending} deliveries wait and are taken up within seconds.`,
      );
    return EXIT.fine;
  });
}
