/** Are the SLA policies in the right order? From the last check, which can be run again from here. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { FormattedMessage } from "react-intl";
import { type Answer, call } from "../client.ts";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Failed } from "../parts/states.tsx";
import { Ago } from "../parts/words.tsx";

/** The card. */
export function LastCheck({ order }: { readonly order: Answer<"get /overview">["slaOrder"] }) {
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () => call("post /check", {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get /overview"] }),
  });
  return (
    <Panel>
      <Stack $gap="xs">
        <Row style={{ justifyContent: "space-between" }}>
          <h2>
            <FormattedMessage id="overview.slaOrder" />
          </h2>
          <Button size="small" disabled={check.isPending} onClick={() => check.mutate()}>
            <FormattedMessage id={check.isPending ? "overview.checking" : "overview.check"} />
          </Button>
        </Row>
        {check.error !== null && <Failed error={check.error} />}
        <Quiet>
          {order.checkedAt === null ? (
            <FormattedMessage id="overview.neverChecked" />
          ) : (
            <FormattedMessage id="overview.checked" values={{ ago: <Ago at={order.checkedAt} /> }} />
          )}
        </Quiet>
        {order.lines.map((line) => (
          <div key={`${line.area}${line.name}`}>
            <StateDot state={line.state} word={false} /> {line.detail}
            {line.fix !== null && (
              <div>
                <Quiet>
                  <FormattedMessage id="fix" values={{ fix: line.fix }} />
                </Quiet>
              </div>
            )}
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
