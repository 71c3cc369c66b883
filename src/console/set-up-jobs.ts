/** What a person sets off in the wizard and then watches, for one running service. */
import { openSetUpApply, type SetUpApply, type SetUpApplyPorts } from "./set-up-apply.ts";
import { openSetUpCanary, type SetUpCanary, type SetUpCanaryPorts } from "./set-up-canary.ts";

/** Applying, the test ticket, and an end to both. */
export interface SetUpJobs {
  readonly apply: SetUpApply;
  readonly canary: SetUpCanary;
  /** Stops at the next step; what was begun is found out by the next apply, and the test ticket is solved. */
  readonly stop: () => Promise<void>;
}

/** Nothing happens until somebody begins it. */
export function openSetUpJobs(
  ports: Omit<SetUpApplyPorts, "stopping"> & Pick<SetUpCanaryPorts, "around">,
): SetUpJobs {
  const stopping = new AbortController();
  const { signal } = stopping;
  const apply = openSetUpApply({ ...ports, stopping: signal });
  const { clock, log, around, store } = ports;
  const canary = openSetUpCanary({ register: store.register, clock, log, around, stopping: signal });
  return {
    apply,
    canary,
    stop: async () => {
      stopping.abort();
      await Promise.all([apply.idle(), canary.idle()]);
    },
  };
}
