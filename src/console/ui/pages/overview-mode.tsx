/** The switches: may anything be written outside? Each says what it does before it does it. */
import { FormattedMessage } from "react-intl";
import { type Answer, call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Row } from "../parts/look.tsx";

type Switches = Answer<"get /switches">;
type Turn = "pause" | "resume" | "simulate" | "goLive";

const RUN: Readonly<Record<Turn, () => Promise<unknown>>> = {
  pause: () => call("post /pause", {}),
  resume: () => call("post /resume", {}),
  simulate: () => call("put /simulate", { body: { on: true } }),
  goLive: () => call("put /simulate", { body: { on: false } }),
};

interface ModeProps {
  readonly switches: Switches;
  /** null = all that can be turned now. */
  readonly only?: readonly Turn[] | null;
}

/** For administrators; others see the state in the page's head. */
export function Mode({ switches, only = null }: ModeProps) {
  const session = useAnswer("get /session", {});
  if (session.data?.role !== "admin") return null;
  const turns: readonly Turn[] = [
    switches.pausedSince === null ? "pause" : "resume",
    ...(switches.simulatingForced ? [] : [switches.simulating ? ("goLive" as const) : ("simulate" as const)]),
  ];
  return (
    <Row>
      {turns
        .filter((turn) => only === null || only.includes(turn))
        .map((turn) => (
          <AskFirst
            key={turn}
            label={<FormattedMessage id={`mode.${turn}`} />}
            title={<FormattedMessage id={`mode.${turn}.ask`} />}
            isPrimary={turn === "resume" || turn === "goLive"}
            run={RUN[turn]}
            outdates={["get /overview", "get /switches", "get /setup"]}
          >
            <FormattedMessage id={`mode.${turn}.means`} />
          </AskFirst>
        ))}
    </Row>
  );
}
