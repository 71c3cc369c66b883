/** From nothing to a verified test ticket, step by step; where it stands is asked of the service each time. */
import { Notification } from "@zendeskgarden/react-notifications";
import { type ComponentType, useState } from "react";
import { FormattedMessage } from "react-intl";
import { useAnswer } from "../client.ts";
import { Stack } from "../parts/look.tsx";
import { PageHead, Shown } from "../parts/states.tsx";
import { Step } from "../parts/step.tsx";
import type { SetUpAnswer, StepBody } from "./set-up-answer.ts";
import { ApplyStep } from "./set-up-apply.tsx";
import { CanaryStep } from "./set-up-canary.tsx";
import { CheckStep } from "./set-up-check.tsx";
import { CredentialsStep } from "./set-up-credentials.tsx";
import { LiveStep, SimulateStep } from "./set-up-live.tsx";
import { PolicyStep } from "./set-up-policy.tsx";

type StepName = SetUpAnswer["steps"][number]["name"];

const BODIES: Readonly<Record<StepName, ComponentType<StepBody>>> = {
  credentials: CredentialsStep,
  policy: PolicyStep,
  check: CheckStep,
  apply: ApplyStep,
  simulate: SimulateStep,
  live: LiveStep,
  canary: CanaryStep,
};

/** While something is under way it is watched closely. */
function againMs(setUp: SetUpAnswer | undefined): number {
  return setUp?.apply.state === "running" || setUp?.canary?.state === "running" ? 1_000 : 20_000;
}

/** The page. */
export function SetUp() {
  const setUp = useAnswer("get /setup", {}, { everyMs: againMs });
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.setup" />}
        about={<FormattedMessage id={setUp.data?.step === null ? "setup.allDone" : "setup.about"} />}
      />
      <Shown asked={setUp} lines={12}>
        {(answer) => <Steps setUp={answer} />}
      </Shown>
    </Stack>
  );
}

function Steps({ setUp }: { readonly setUp: SetUpAnswer }) {
  const session = useAnswer("get /session", {});
  const [toggled, setToggled] = useState<Readonly<Partial<Record<StepName, boolean>>>>({});
  const isAdmin = session.data?.role === "admin";
  // What was the next thing to do stays open when it is done: its result stands in it.
  const [seen, setSeen] = useState<readonly StepName[]>([]);
  if (setUp.step !== null && !seen.includes(setUp.step)) setSeen([...seen, setUp.step]);
  return (
    <Stack $gap="sm">
      {setUp.mode === "setup" && (
        <Notification type="info">
          <Notification.Title>
            <FormattedMessage id="setup.mode" />
          </Notification.Title>
          <FormattedMessage id="setup.modeMeans" />
        </Notification>
      )}
      {session.data !== undefined && !isAdmin && (
        <Notification type="info">
          <FormattedMessage id="setup.agents" />
        </Notification>
      )}
      {setUp.steps.map(({ name, done }, place) => {
        const Body = BODIES[name];
        const isNow = setUp.step === name;
        const open = toggled[name] ?? seen.includes(name);
        return (
          <Step
            key={name}
            number={place + 1}
            title={<FormattedMessage id={`setup.${name}`} />}
            about={<FormattedMessage id={`setup.${name}.about`} />}
            done={done}
            isNow={isNow}
            open={open}
            onToggle={() => setToggled({ ...toggled, [name]: !open })}
          >
            <Body setUp={setUp} isAdmin={isAdmin} />
          </Step>
        );
      })}
    </Stack>
  );
}
