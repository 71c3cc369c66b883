/** Deliveries that could not be settled by themselves: why, what to do, and putting them back to work. */
import { FormattedMessage } from "react-intl";
import { call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Row, Stack } from "../parts/look.tsx";
import { ParkedTable } from "../parts/parked-table.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { TicketsHead } from "./tickets-head.tsx";

/** The page. */
export function ParkedDeliveries() {
  const parked = useAnswer("get /deliveries/parked", {}, { everyMs: 30_000 });
  return (
    <Stack>
      <TicketsHead />
      <Shown asked={parked}>
        {(answer) =>
          answer.total === 0 ? (
            <Empty title={<FormattedMessage id="parked.none" />}>
              <FormattedMessage id="parked.noneWhy" />
            </Empty>
          ) : (
            <Stack $gap="sm">
              <Row>
                <FormattedMessage id="parked.about" values={{ total: answer.total }} />
                <ReplayAll total={answer.total} />
              </Row>
              <ParkedTable parked={answer.parked} />
            </Stack>
          )
        }
      </Shown>
    </Stack>
  );
}

function ReplayAll({ total }: { readonly total: number }) {
  const session = useAnswer("get /session", {});
  if (session.data?.role !== "admin") return null;
  return (
    <AskFirst
      label={<FormattedMessage id="parked.replayAll" />}
      title={<FormattedMessage id="parked.replayAll.ask" values={{ total }} />}
      run={() => call("post /deliveries/replay", { body: { id: null } })}
    >
      <FormattedMessage id="parked.replayAll.means" />
    </AskFirst>
  );
}
