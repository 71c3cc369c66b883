/** Promises: which will be late next, how each tier stands, whether they are kept, and whether a higher tier is worth it. */
import { FormattedMessage, FormattedNumber, useIntl } from "react-intl";
import { useLocation } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { DataTable } from "../parts/data-table.tsx";
import { BigNumber, Panel, Panels, Quiet, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Empty, PageHead, Shown } from "../parts/states.tsx";
import { Ago } from "../parts/words.tsx";
import { type Clock, clockColumns } from "./promises-clocks.tsx";
import { Difference } from "./promises-difference.tsx";
import { PromiseMonth } from "./promises-month.tsx";
import { Room, Signs } from "./promises-signs.tsx";
import { TierPromises } from "./promises-tiers.tsx";

type Promised = Answer<"get /promises">;

/** The page. */
export function Promises() {
  const promises = useAnswer("get /promises", {}, { everyMs: 60_000 });
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.promises" />}
        about={<FormattedMessage id="promises.about" />}
        actions={
          promises.data !== undefined && (
            <Quiet>
              <FormattedMessage id="promises.asOf" values={{ ago: <Ago at={promises.data.clocksAt} /> }} />
            </Quiet>
          )
        }
      />
      <Shown asked={promises} lines={10}>
        {(answer) => <Answered answer={answer} />}
      </Shown>
      <PromiseMonth />
      <Difference />
      <Room />
    </Stack>
  );
}

function Answered({ answer }: { readonly answer: Promised }) {
  const count = (state: Clock["state"]): number => answer.clocks.filter((one) => one.state === state).length;
  return (
    <Stack>
      <Panels $min="220px">
        <Count id="late" count={count("late")} state={count("late") > 0 ? "fail" : "ok"}>
          <FormattedMessage id="promises.lateMeans" />
        </Count>
        <Count id="atRisk" count={count("at risk")} state={count("at risk") > 0 ? "warn" : "ok"}>
          <FormattedMessage
            id="promises.atRiskMeans"
            values={{ part: <FormattedNumber value={answer.atRiskFrom} style="percent" /> }}
          />
        </Count>
        <Count id="running" count={count("running")} state="ok">
          <FormattedMessage
            id={answer.complete ? "promises.lookedAll" : "promises.lookedSome"}
            values={{ looked: answer.looked }}
          />
        </Count>
      </Panels>
      <Next clocks={answer.clocks} />
      <TierPromises tiers={answer.tiers} />
      <Signs promised={answer} />
    </Stack>
  );
}

interface CountProps {
  readonly id: "late" | "atRisk" | "running";
  readonly count: number;
  readonly state: "ok" | "warn" | "fail";
  readonly children: React.ReactNode;
}

function Count({ id, count, state, children }: CountProps) {
  return (
    <Panel>
      <Stack $gap="xs">
        <h2>
          <StateDot state={state} word={false} /> <FormattedMessage id={`promises.${id}`} />
        </h2>
        <BigNumber>
          <FormattedNumber value={count} />
        </BigNumber>
        <Quiet>{children}</Quiet>
      </Stack>
    </Panel>
  );
}

/** Running ones first, the next to be late on top; then those that are late, the latest miss first. */
function Next({ clocks }: Pick<Promised, "clocks">) {
  const intl = useIntl();
  const [, go] = useLocation();
  const late = clocks.filter((one) => one.state === "late").toReversed();
  const rows = [...clocks.filter((one) => one.state !== "late"), ...late];
  return (
    <Stack $gap="sm">
      <h2>
        <FormattedMessage id="promises.next" />
      </h2>
      {rows.length === 0 ? (
        <Empty title={<FormattedMessage id="promises.none" />}>
          <FormattedMessage id="promises.noneWhy" />
        </Empty>
      ) : (
        <DataTable
          label={intl.formatMessage({ id: "promises.next" })}
          columns={clockColumns}
          rows={rows}
          idOf={(one) => `${one.ticketId} ${one.metric}`}
          rowHeight={60}
          maxHeight={480}
          onOpen={(one) => go(`~/console/tickets/${encodeURIComponent(one.ticketId)}`)}
        />
      )}
    </Stack>
  );
}
