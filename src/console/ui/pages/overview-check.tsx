/** Is everything in order? What the last check said about SLA policies and everything that is wrong, and running it again. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { type Answer, call, useAnswer } from "../client.ts";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { Failed, Shown } from "../parts/states.tsx";
import { Told } from "../parts/told.tsx";
import { Ago } from "../parts/words.tsx";

type Line = Answer<"get /check">["lines"][number];

/** The card. */
export function LastCheck() {
  const last = useAnswer("get /check", {});
  const session = useAnswer("get /session", {});
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () => call("post /check", {}),
    onSettled: () =>
      Promise.all(
        ["get /overview", "get /check"].map((one) => queries.invalidateQueries({ queryKey: [one] })),
      ),
  });
  return (
    <Panel>
      <Stack $gap="xs">
        <Apart>
          <h2>
            <FormattedMessage id="overview.slaOrder" />
          </h2>
          {session.data?.role === "admin" && (
            <Button size="small" disabled={check.isPending} onClick={() => check.mutate()}>
              <FormattedMessage id={check.isPending ? "overview.checking" : "overview.check"} />
            </Button>
          )}
        </Apart>
        {check.error !== null && <Failed error={check.error} />}
        <Shown asked={last} lines={2}>
          {({ at, lines }) => (
            <Stack $gap="xs">
              <Quiet>
                {at === null ? (
                  <FormattedMessage id="overview.neverChecked" />
                ) : (
                  <FormattedMessage id="overview.checked" values={{ ago: <Ago at={at} /> }} />
                )}
              </Quiet>
              <Lines lines={lines} />
            </Stack>
          )}
        </Shown>
      </Stack>
    </Panel>
  );
}

/** All SLA lines, and of the rest what needs somebody. */
function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const shown = lines.filter((line) => line.area === "sla" || line.state !== "ok");
  return shown.map((line) => <CheckLine key={`${line.area} ${line.name} ${line.detail}`} line={line} />);
}

/** One line of a check. */
export function CheckLine({ line }: { readonly line: Line }) {
  return (
    <Told state={line.state} fix={line.fix}>
      {line.name}: {line.detail}
    </Told>
  );
}

const Apart = styled(Row)`
  justify-content: space-between;
  flex-wrap: nowrap;
`;
