/** Do both sides answer? Everything that is wrong or doubtful, each with what to do. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { FormattedMessage } from "react-intl";
import { call } from "../client.ts";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { Failed } from "../parts/states.tsx";
import { Ago } from "../parts/words.tsx";
import { CheckLine } from "./overview-check.tsx";
import type { StepBody } from "./set-up-answer.ts";

/** The last check, and running it again. */
export function CheckStep({ setUp: { check, apply }, isAdmin }: StepBody) {
  const queries = useQueryClient();
  const now = useMutation({
    mutationFn: () => call("post /check", {}),
    onSettled: () => queries.invalidateQueries(),
  });
  const fine = check.lines.filter((line) => line.state === "ok").length;
  const others = check.lines.filter((line) => line.state !== "ok");
  const inOrder = [
    ...others.filter((one) => one.state === "fail"),
    ...others.filter((one) => one.state === "warn"),
  ];
  return (
    <Stack $gap="sm">
      <Row>
        {isAdmin && (
          <Button
            size="small"
            isPrimary={!check.isReached}
            disabled={now.isPending}
            onClick={() => now.mutate()}
          >
            <FormattedMessage id={now.isPending ? "overview.checking" : "overview.check"} />
          </Button>
        )}
        <Quiet>
          {check.at === null ? (
            <FormattedMessage id="overview.neverChecked" />
          ) : (
            <FormattedMessage
              id="setup.check.counts"
              values={{ ago: <Ago at={check.at} />, fine, others: others.length }}
            />
          )}
        </Quiet>
      </Row>
      {now.error !== null && <Failed error={now.error} />}
      {check.isReached && others.length > 0 && apply.applied === null && (
        <FormattedMessage id="setup.check.beforeApply" />
      )}
      {inOrder.map((line) => (
        <CheckLine key={`${line.area} ${line.name} ${line.detail}`} line={line} />
      ))}
    </Stack>
  );
}
