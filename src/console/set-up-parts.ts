/** What the wizard is handed by the running service. Types only. */
import type { SettingState } from "../setting-states.ts";
import type { SetUpJobs } from "./set-up-jobs.ts";

/** The wizard's surroundings. */
export interface SetUpParts {
  /** Started with --setup: nothing is written outside. */
  readonly isSetUpMode: boolean;
  /** Started with --simulate: nothing is written outside, whatever the switch says. */
  readonly isSimulateFlag: boolean;
  readonly settings: () => readonly SettingState[];
  /** A first policy from what the CRM and the help desk really have. @throws Paused, NeedsAdmin */
  readonly firstPolicy: () => Promise<string>;
  readonly jobs: SetUpJobs;
}
