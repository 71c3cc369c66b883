/** What would be made in the help desk, as people know such plans; then making it, watched to the end. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Checkbox, Field } from "@zendeskgarden/react-forms";
import { Progress } from "@zendeskgarden/react-loaders";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { call } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { Failed } from "../parts/states.tsx";
import { Told } from "../parts/told.tsx";
import { Ago } from "../parts/words.tsx";
import type { SetUpAnswer, StepBody } from "./set-up-answer.ts";
import { Plan, type PlanAnswer } from "./set-up-plan.tsx";

/** Plan, apply, what came of it. */
export function ApplyStep({ setUp, isAdmin }: StepBody) {
  const { apply, applyBarred, policy } = setUp;
  return (
    <Stack $gap="sm">
      {apply.applied !== null && (
        <Told state={apply.applied.version === policy.version ? "ok" : "warn"}>
          <FormattedMessage
            id={apply.applied.version === policy.version ? "setup.applied" : "setup.appliedOther"}
            values={{
              version: apply.applied.version,
              ago: <Ago at={apply.applied.at} />,
              now: policy.version,
            }}
          />
        </Told>
      )}
      <LastRun apply={apply} />
      {applyBarred !== null && (
        <Told state="warn" fix={applyBarred.fix}>
          {applyBarred.message}
        </Told>
      )}
      {isAdmin && apply.state !== "running" && <Planning setUp={setUp} />}
    </Stack>
  );
}

/** How the last run went; while it runs, how far it is. */
function LastRun({ apply }: Pick<SetUpAnswer, "apply">) {
  const intl = useIntl();
  const { state, done, total, by, startedAt, left, secret, runId } = apply;
  if (state === "never" || startedAt === null) return null;
  const share = total === null || total === 0 ? 0 : Math.round((100 * done) / total);
  return (
    <Stack $gap="xs">
      {state === "running" && total !== null && (
        <Progress
          value={share}
          aria-label={intl.formatMessage({ id: "setup.apply.running" }, { done, total })}
        />
      )}
      <Told state={state === "done" ? "ok" : state === "running" ? "unknown" : "fail"}>
        <span role="status">
          <FormattedMessage
            id={`setup.apply.${state}`}
            values={{ done, total: total ?? done, ago: <Ago at={startedAt} />, by: by ?? "–" }}
          />
        </span>
      </Told>
      {left.map((one) => (
        <Told key={`${one.what}${one.why}`} state="fail" fix={one.fix}>
          {one.what}: {one.why}
        </Told>
      ))}
      {(secret === "written" || secret === "known") && (
        <Told state="ok">
          <FormattedMessage id="setup.secret.known" />
        </Told>
      )}
      {secret === "hidden" && (
        <Told state="fail" fix={intl.formatMessage({ id: "setup.secret.hiddenFix" })}>
          <FormattedMessage id="setup.secret.hidden" />
        </Told>
      )}
      {runId !== null && state !== "running" && (
        <Quiet>
          <FormattedMessage
            id="setup.apply.undo"
            values={{ command: <code>priority-support undo {runId}</code> }}
          />
        </Quiet>
      )}
    </Stack>
  );
}

/** Looking costs some calls, so it is done when somebody wants to look. */
function Planning({ setUp }: Pick<StepBody, "setUp">) {
  const [adopt, setAdopt] = useState(false);
  const plan = useMutation({
    mutationFn: (wish: boolean) =>
      call("get /setup/plan", { query: { adopt: wish ? "when_needed" : "never" } }),
  });
  const look = (wish: boolean): void => {
    setAdopt(wish);
    plan.mutate(wish);
  };
  return (
    <Stack $gap="sm">
      <Row>
        <Button
          size="small"
          isPrimary={plan.data === undefined && setUp.step === "apply"}
          disabled={plan.isPending}
          onClick={() => look(adopt)}
        >
          <FormattedMessage id={plan.isPending ? "setup.plan.looking" : "setup.plan.look"} />
        </Button>
        {plan.data !== undefined && plan.data.steps > 0 && setUp.applyBarred === null && (
          <Apply setUp={setUp} plan={plan.data} adopt={adopt} after={() => plan.reset()} />
        )}
      </Row>
      {plan.error !== null && <Failed error={plan.error} />}
      {plan.data !== undefined && (
        <>
          <Plan plan={plan.data} />
          {(plan.data.blocked > 0 || adopt) && (
            <Field>
              <Checkbox checked={adopt} onChange={(event) => look(event.target.checked)}>
                <Field.Label isRegular>
                  <FormattedMessage id="setup.plan.adopt" />
                </Field.Label>
              </Checkbox>
            </Field>
          )}
        </>
      )}
    </Stack>
  );
}

interface ApplyProps extends Pick<StepBody, "setUp"> {
  readonly plan: PlanAnswer;
  readonly adopt: boolean;
  readonly after: () => void;
}

/** Exactly the plan that was looked at; another one is refused by the service. */
function Apply({ setUp, plan, adopt, after }: ApplyProps) {
  const { simulating } = setUp.switches;
  const [simulate, setSimulate] = useState(setUp.apply.applied === null);
  const begin = async (): Promise<void> => {
    const wish = { digest: plan.digest, simulate: simulate && !simulating };
    await call("post /setup/apply", { body: { ...wish, adopt: adopt ? "when_needed" : "never" } });
    after();
  };
  return (
    <AskFirst
      label={<FormattedMessage id="setup.apply.do" values={{ steps: plan.steps }} />}
      title={<FormattedMessage id="setup.apply.ask" values={{ steps: plan.steps }} />}
      confirm={<FormattedMessage id="setup.apply.confirm" />}
      isPrimary
      run={begin}
    >
      <Stack $gap="sm">
        <FormattedMessage id="setup.apply.means" values={{ calls: plan.calls, minutes: plan.minutes }} />
        {simulating ? (
          <FormattedMessage id="setup.apply.simulating" />
        ) : (
          <Field>
            <Checkbox checked={simulate} onChange={(event) => setSimulate(event.target.checked)}>
              <Field.Label isRegular>
                <FormattedMessage id="setup.apply.simulate" />
              </Field.Label>
            </Checkbox>
          </Field>
        )}
      </Stack>
    </AskFirst>
  );
}
