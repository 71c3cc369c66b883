/** The test ticket, sent from the console: its stations as it passes them, and how the last one ended. */
import { z } from "zod";
import { type CanaryPorts, type CanaryReport, sendCanary } from "../canary.ts";
import { errorFields, type Log } from "../log.ts";
import type { Clock, Register } from "../ports.ts";
import { conflict } from "./problem.ts";
import { stoppable } from "./set-up-apply.ts";

/** What sending one needs. */
export interface SetUpCanaryPorts {
  readonly register: Register;
  readonly clock: Clock;
  readonly log: Log;
  /** Everything but the clock, the requester and who watches. */
  readonly around: () => Omit<CanaryPorts, "clock" | "requester" | "reached">;
  readonly stopping: AbortSignal;
}

const stations = z.enum(["ticket", "webhook", "decision", "write", "sla"]);

const keptCanary = z.object({
  at: z.number(),
  by: z.string(),
  ticketId: z.string().nullable(),
  reached: z.array(z.object({ station: stations, detail: z.string() })),
  missed: z.object({ station: stations, detail: z.string(), fix: z.string() }).nullable(),
});

/** `passed`: it got through and was solved. `missed`: it stopped at a station. */
export interface CanaryState extends z.output<typeof keptCanary> {
  readonly state: "running" | "passed" | "missed";
}

/** The test ticket, as the console offers it. */
export interface SetUpCanary {
  /** Answers at once. @throws ApiProblem 409 one is under way */
  readonly begin: (requester: CanaryPorts["requester"], by: string) => void;
  /** null = none was ever sent from the console. */
  readonly state: () => Promise<CanaryState | null>;
  readonly idle: () => Promise<void>;
}

/** Setting that holds how the last one ended. */
const KEPT = "console:canary";

/** Test tickets of one running service. */
export function openSetUpCanary(ports: SetUpCanaryPorts): SetUpCanary {
  let here: CanaryState | null = null;
  let running: Promise<void> = Promise.resolve();
  return {
    begin: (requester, by) => {
      if (here !== null) throw conflict("A test ticket is under way already.", "Wait for its end.");
      const started: CanaryState = {
        state: "running",
        at: ports.clock.now(),
        by,
        ticketId: null,
        reached: [],
        missed: null,
      };
      here = started;
      const tell = (state: CanaryState): void => {
        here = state;
      };
      running = send(ports, requester, started, tell)
        .then((end) => ports.register.setSetting(KEPT, JSON.stringify(end)))
        .catch((error: unknown) => ports.log.error(errorFields(error), "a test ticket failed"))
        .finally(() => {
          here = null;
        });
    },
    state: async () => here ?? (await keptState(ports.register)),
    idle: () => running,
  };
}

async function send(
  { clock, stopping, around }: SetUpCanaryPorts,
  requester: CanaryPorts["requester"],
  started: CanaryState,
  tell: (state: CanaryState) => void,
): Promise<z.output<typeof keptCanary>> {
  let state = started;
  const reached: CanaryPorts["reached"] = (station, detail) => {
    state = { ...state, reached: [...state.reached, { station, detail }] };
    tell(state);
  };
  const { at, by } = started;
  try {
    const report: CanaryReport = await sendCanary({
      ...around(),
      clock: stoppable(clock, stopping),
      requester,
      reached,
    });
    return { at, by, ticketId: report.ticketId, reached: [...report.reached], missed: report.missed };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const fix = "Run the check, put right what it names, then send another one.";
    const station = NEXT[state.reached.at(-1)?.station ?? "none"];
    return { at, by, ticketId: null, reached: state.reached, missed: { station, detail, fix } };
  }
}

const NEXT = {
  none: "ticket",
  ticket: "webhook",
  webhook: "decision",
  decision: "write",
  write: "sla",
  sla: "sla",
} as const;

async function keptState(register: Register): Promise<CanaryState | null> {
  const text = await register.setting(KEPT);
  if (text === null) return null;
  const kept = keptCanary.parse(JSON.parse(text));
  return { ...kept, state: kept.missed === null ? "passed" : "missed" };
}
