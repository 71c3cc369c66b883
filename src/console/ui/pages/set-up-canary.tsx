/** The test ticket: sent through the real help desk, watched from station to station, solved at the end. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Input } from "@zendeskgarden/react-forms";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { call } from "../client.ts";
import { Row, Stack } from "../parts/look.tsx";
import type { State } from "../parts/state-dot.tsx";
import { Failed } from "../parts/states.tsx";
import { Told } from "../parts/told.tsx";
import { Ago } from "../parts/words.tsx";
import type { SetUpAnswer, StepBody } from "./set-up-answer.ts";

/** Sending one, and how the last one went. */
export function CanaryStep({ setUp, isAdmin }: StepBody) {
  const { canary, canaryBarred } = setUp;
  const isRunning = canary?.state === "running";
  return (
    <Stack $gap="sm">
      <p>
        <FormattedMessage id="setup.canary.how" />
      </p>
      {canaryBarred !== null && (
        <Told state="warn" fix={canaryBarred.fix}>
          {canaryBarred.message}
        </Told>
      )}
      {isAdmin && canaryBarred === null && <Send setUp={setUp} isRunning={isRunning} />}
      {canary !== null && <Stations canary={canary} />}
    </Stack>
  );
}

function Send({ setUp, isRunning }: { readonly setUp: SetUpAnswer; readonly isRunning: boolean }) {
  const queries = useQueryClient();
  const [requester, setRequester] = useState(setUp.canaryRequester);
  const send = useMutation({
    mutationFn: () => call("post /setup/canary", { body: { requester } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get /setup"] }),
  });
  return (
    <>
      <Beside>
        <Field>
          <Field.Label>
            <FormattedMessage id="setup.canary.requester" />
          </Field.Label>
          <Field.Hint>
            <FormattedMessage id="setup.canary.requesterHint" />
          </Field.Hint>
          <Input
            isCompact
            type="email"
            value={requester}
            onChange={(event) => setRequester(event.target.value)}
          />
        </Field>
        <Button isPrimary size="small" disabled={isRunning || send.isPending} onClick={() => send.mutate()}>
          <FormattedMessage id={isRunning ? "setup.canary.running" : "setup.canary.send"} />
        </Button>
      </Beside>
      {send.error !== null && <Failed error={send.error} />}
    </>
  );
}

const STATIONS = ["ticket", "webhook", "decision", "write", "sla"] as const;

function Stations({ canary }: { readonly canary: NonNullable<SetUpAnswer["canary"]> }) {
  const { state, reached, missed, at, by } = canary;
  return (
    <Stack $gap="xs" role="status">
      <Row>
        <FormattedMessage id={`setup.canary.${state}`} values={{ ago: <Ago at={at} />, by }} />
      </Row>
      {STATIONS.map((station) => {
        const passed = reached.find((one) => one.station === station);
        const isMissed = missed?.station === station;
        const dot: State = passed !== undefined && !isMissed ? "ok" : isMissed ? "fail" : "unknown";
        return (
          <Told key={station} state={dot} fix={isMissed ? missed.fix : null}>
            <strong>
              <FormattedMessage id={`setup.station.${station}`} />
            </strong>{" "}
            {isMissed ? missed.detail : passed?.detail}
          </Told>
        );
      })}
      <Told state={state === "running" ? "unknown" : "ok"}>
        <strong>
          <FormattedMessage id="setup.station.closed" />
        </strong>{" "}
        {state !== "running" && <FormattedMessage id="setup.station.closedDetail" />}
      </Told>
    </Stack>
  );
}

const Beside = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  gap: ${({ theme }) => theme.space.sm};
  & > div {
    flex: 0 1 380px;
  }
`;
