/** The places on a ticket's way where an instance can be killed, as far as they can be seen from outside. */
import type { Stage } from "./forwarder.ts";
import type { Rig } from "./rig.ts";
import type { Ambush, Look } from "./tap.ts";

const TICKET = /^\/api\/v2\/tickets\/\d+$/;
const READ: Look = { method: "GET", path: TICKET, status: 200 };
const WRITE: Look = { method: "PUT", path: TICKET };
const JOB: Look = { method: "PUT", path: /^\/api\/v2\/tickets\/update_many$/ };
const POLL: Look = { method: "GET", path: /^\/api\/v2\/job_statuses\/show_many$/ };
const READ_MANY: Look = { method: "GET", path: /^\/api\/v2\/tickets\/show_many$/ };
const DONE: Look = { ...POLL, containing: '"completed"' };

/** On a webhook's way in. */
const WEBHOOK: Readonly<Record<string, Stage>> = {
  "half a webhook received": "half sent",
  "a webhook received, not acknowledged": "sent",
  "an acknowledgement lost on its way": "answered",
  "a webhook acknowledged": "handed on",
};

/** Between us and the desk, one ticket at a time. */
const SINGLE: Readonly<Record<string, Omit<Ambush, "strike" | "before">>> = {
  "a ticket read": { looks: [READ], moment: "answered" },
  "a write on its way": { looks: [WRITE], moment: "asked" },
  "a write applied, not answered": { looks: [{ ...WRITE, status: 200 }], moment: "applied" },
  "half an answer to a write": { looks: [{ ...WRITE, status: 200 }], moment: "half answered" },
  "a write answered": { looks: [{ ...WRITE, status: 200 }], moment: "answered" },
};

const CONFLICT = "a conflict answered";

/** Between us and the desk, many tickets at a time. */
const JOBS: Readonly<Record<string, Omit<Ambush, "strike" | "before">>> = {
  "a job on its way": { looks: [JOB], moment: "asked" },
  "a job accepted, not answered": { looks: [{ ...JOB, status: 200 }], moment: "applied" },
  "a job queued": { looks: [{ ...JOB, status: 200 }], moment: "answered" },
  "a job looked at": { looks: [JOB, POLL], moment: "answered" },
  "a job done, not heard of": { looks: [JOB, DONE], moment: "applied" },
  "rows read back": { looks: [JOB, DONE, READ_MANY], moment: "answered" },
};

/** Every place, by name: those of a single ticket, and those of many that go together. */
export const BOUNDARIES: Readonly<Record<"single" | "together", readonly string[]>> = {
  single: [...Object.keys(WEBHOOK), ...Object.keys(SINGLE), CONFLICT],
  together: Object.keys(JOBS),
};

/** Does a kill here need so many tickets at once that they go as a job? */
export function needsFlood(boundary: string): boolean {
  return Object.hasOwn(JOBS, boundary);
}

/** Kills the first instance that comes to this place; resolves with its number. */
export function killAt(rig: Rig, boundary: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const strike = async (instance: number): Promise<void> => {
      await rig.kill(instance).catch(reject);
      resolve(instance);
    };
    const stage = WEBHOOK[boundary];
    const ambush =
      SINGLE[boundary] ??
      JOBS[boundary] ??
      (boundary === CONFLICT
        ? { looks: [{ ...WRITE, status: 409 }], moment: "answered" as const, before: agentComments(rig) }
        : null);
    if (stage !== undefined) rig.raid({ stage, strike });
    else if (ambush !== null) rig.ambush(ambush, strike);
    else reject(new Error(`no place is called "${boundary}"`));
  });
}

/** An agent's internal note between our reading and our write: nothing we decide on, and a new stamp. */
function agentComments(rig: Rig): (path: string) => Promise<void> {
  return async (path) => {
    const comment = { body: "I called them.", public: false };
    await rig.api(path.replace("/api/v2", ""), "bo.larsen@northwind.example", { ticket: { comment } });
  };
}
