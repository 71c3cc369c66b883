/** May anything be written outside at present, and the switches for it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Tag } from "@zendeskgarden/react-tags";
import { FormattedMessage } from "react-intl";
import { type Answer, call, useAnswer } from "../client.ts";
import { Row } from "../parts/look.tsx";
import { Failed } from "../parts/states.tsx";

type Switches = Answer<"get /switches">;

/** The state as a tag, and for administrators the way to change it. */
export function Mode({ switches }: { readonly switches: Switches }) {
  const session = useAnswer("get /session", {});
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: (to: () => Promise<unknown>) => to(),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get /overview"] }),
  });
  const paused = switches.pausedSince !== null;
  return (
    <Row>
      <Tag isPill hue={paused || switches.simulating ? "yellow" : "green"}>
        <span>
          <FormattedMessage
            id={paused ? "mode.paused" : switches.simulating ? "mode.simulating" : "mode.live"}
          />
        </span>
      </Tag>
      {session.data?.role === "admin" && (
        <>
          <Button
            size="small"
            disabled={turn.isPending}
            onClick={() => turn.mutate(() => call(paused ? "post /resume" : "post /pause", {}))}
          >
            <FormattedMessage id={paused ? "mode.resume" : "mode.pause"} />
          </Button>
          {!switches.simulatingForced && (
            <Button
              size="small"
              disabled={turn.isPending}
              onClick={() => turn.mutate(() => call("put /simulate", { body: { on: !switches.simulating } }))}
            >
              <FormattedMessage id={switches.simulating ? "mode.goLive" : "mode.simulate"} />
            </Button>
          )}
        </>
      )}
      {turn.error !== null && <Failed error={turn.error} />}
    </Row>
  );
}
