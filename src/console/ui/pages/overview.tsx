/** The first page: is it working, and what did it touch? */
import { Notification } from "@zendeskgarden/react-notifications";
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { DecisionTable } from "../parts/decision-table.tsx";
import { Panel, Panels, Quiet, Stack } from "../parts/look.tsx";
import { Empty, PageHead, Shown } from "../parts/states.tsx";
import { Ago } from "../parts/words.tsx";
import { CrmCard, HelpDeskCard, PolicyCard, QueueCard, ShareCard } from "./overview-cards.tsx";
import { LastCheck } from "./overview-check.tsx";
import { Mode } from "./overview-mode.tsx";

type OverviewAnswer = Answer<"get /overview">;

/** The page. */
export function Overview() {
  const overview = useAnswer("get /overview", {}, { everyMs: 30_000 });
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.overview" />}
        about={<FormattedMessage id="overview.about" />}
        actions={overview.data === undefined ? null : <Mode switches={overview.data.switches} />}
      />
      <Shown asked={overview} lines={10}>
        {(answer) => <Answered answer={answer} />}
      </Shown>
    </Stack>
  );
}

function Answered({ answer }: { readonly answer: OverviewAnswer }) {
  return (
    <Stack>
      <HeldAlerts guard={answer.guard} />
      <Panels $min="230px">
        <HelpDeskCard side={answer.helpDesk} />
        <CrmCard side={answer.crm} />
        <QueueCard queue={answer.queue} ready={answer.ready} />
        <PolicyCard policy={answer.policy} />
      </Panels>
      <Panels $min="320px">
        <ShareCard id="tied" share={answer.tickets.tied} days={answer.tickets.days} />
        <ShareCard id="attached" share={answer.tickets.attached} days={answer.tickets.days} />
        <LastCheck order={answer.slaOrder} />
      </Panels>
      <Panel>
        <Stack $gap="sm">
          <h2>
            <FormattedMessage id="overview.decisions" />
          </h2>
          {answer.decisions.length === 0 ? (
            <Empty title={<FormattedMessage id="overview.noDecisions" />}>
              <FormattedMessage id="overview.noDecisionsWhy" />
            </Empty>
          ) : (
            <DecisionTable decisions={answer.decisions} />
          )}
        </Stack>
      </Panel>
    </Stack>
  );
}

/** The brake holds changes: the first thing to see, with the way to decide. */
function HeldAlerts({ guard }: { readonly guard: OverviewAnswer["guard"] }) {
  return guard.map((run) => (
    <Notification key={run.runId} type="warning">
      <Notification.Title>
        <FormattedMessage id="overview.held" values={{ records: run.records }} />
      </Notification.Title>
      {run.reason}{" "}
      <Quiet>
        <Ago at={run.heldSince} />
      </Quiet>{" "}
      <Link href="/customers/held">
        <FormattedMessage id="overview.decideHeld" />
      </Link>
    </Notification>
  ));
}
