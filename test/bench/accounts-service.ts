/** The service in a process of its own, with a clock that can be moved, syncing only when asked. */
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { movedClock } from "./accounts-clock.ts";
import { answerWith } from "./answering.ts";

/** What one sync came to. */
export interface Synced {
  readonly changed: number;
  readonly unchanged: number;
  readonly organizations: number;
  readonly labels: number;
  readonly failed: number;
  readonly held: number;
  readonly seconds: number;
  /** Processor time of the service, all its threads. */
  readonly cpuSeconds: number;
}

const clock = movedClock();
const running: Service[] = [];

answerWith({
  start: async (env: Readonly<Record<string, string>>) => {
    const options = { simulate: false, setup: false, clock, log: silent, syncEveryMs: 0 };
    const service = await startService(readConfig(env, connectorSettings), options);
    running.push(service);
  },
  move: (ms: number) => clock.move(ms),
  sync: async (): Promise<Synced> => {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const report = await running[0]?.sync("changed");
    if (report === null || report === undefined || report.busy) throw new Error("nothing was synced");
    const used = process.cpuUsage(cpu);
    return {
      changed: report.intake.changed,
      unchanged: report.intake.unchanged,
      organizations: report.organizations,
      labels: report.labels,
      failed: report.failed.length,
      held: report.held?.demotions.length ?? 0,
      seconds: (performance.now() - began) / 1000,
      cpuSeconds: (used.user + used.system) / 1_000_000,
    };
  },
  stop: async () => {
    for (const service of running.splice(0)) await service.stop();
  },
});
