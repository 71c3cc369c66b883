/** First only simulate, then write: the same switches as on the overview, with what to look at in between. */
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import { Row, Stack } from "../parts/look.tsx";
import { Told } from "../parts/told.tsx";
import { Mode } from "./overview-mode.tsx";
import type { StepBody } from "./set-up-answer.ts";

/** Decisions that would have been written, to be looked at. */
export function SimulateStep({ setUp }: StepBody) {
  const { switches, simulated, mode } = setUp;
  return (
    <Stack $gap="sm">
      <p>
        <FormattedMessage id="setup.simulate.how" />
      </p>
      <Told state={switches.simulating ? "ok" : "unknown"}>
        <FormattedMessage id={switches.simulating ? "setup.simulate.on" : "setup.simulate.off"} />
      </Told>
      <Told state={simulated > 0 ? "ok" : "unknown"}>
        <FormattedMessage id="setup.simulate.seen" values={{ simulated }} />
      </Told>
      <Row>
        {mode === "serve" && <Mode switches={switches} only={["simulate"]} />}
        <Link href="~/console/tickets?state=simulated">
          <FormattedMessage id="setup.simulate.look" />
        </Link>
      </Row>
    </Stack>
  );
}

/** From now on tickets are written. */
export function LiveStep({ setUp }: StepBody) {
  const { switches, mode, apply } = setUp;
  const isLive = mode === "serve" && !switches.simulating && switches.pausedSince === null;
  return (
    <Stack $gap="sm">
      <Told state={isLive && apply.applied !== null ? "ok" : "unknown"}>
        <FormattedMessage
          id={
            mode === "setup"
              ? "setup.live.setup"
              : switches.simulatingForced
                ? "setup.live.forced"
                : switches.pausedSince !== null
                  ? "setup.live.paused"
                  : switches.simulating
                    ? "setup.live.simulating"
                    : "setup.live.is"
          }
        />
      </Told>
      {mode === "serve" && (
        <Row>
          <Mode switches={switches} only={["goLive", "resume"]} />
        </Row>
      )}
      <p>
        <FormattedMessage
          id="setup.live.open"
          values={{ command: <code>priority-support backfill --new-only --dry-run</code> }}
        />
      </p>
    </Stack>
  );
}
