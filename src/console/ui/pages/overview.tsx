/** The first page: is it working, and what did it touch? */
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { DecisionTable } from "../parts/decision-table.tsx";
import { Panels, Row, Stack } from "../parts/look.tsx";
import { ParkedTable } from "../parts/parked-table.tsx";
import { ShareCard } from "../parts/share-card.tsx";
import { Empty, PageHead, Shown } from "../parts/states.tsx";
import { CrmCard, HelpDeskCard, PolicyCard, QueueCard } from "./overview-cards.tsx";
import { LastCheck } from "./overview-check.tsx";
import { HeldAlerts } from "./overview-held.tsx";
import { Mode } from "./overview-mode.tsx";
import { UndoLast } from "./overview-undo.tsx";

type OverviewAnswer = Answer<"get /overview">;

/** The newest ones; the page of tickets has them all. */
const FAILURES = 5;

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
  const { days, tied, attached, recent } = answer.tickets;
  return (
    <Stack>
      <HeldAlerts guard={answer.guard} />
      <Panels $min="220px">
        <HelpDeskCard side={answer.helpDesk} />
        <CrmCard side={answer.crm} />
        <QueueCard answer={answer} />
        <PolicyCard policy={answer.policy} />
      </Panels>
      <Panels $min="300px">
        <ShareCard title={<FormattedMessage id="overview.tied" />} share={tied}>
          <FormattedMessage id="overview.tiedOf" values={{ ...tied, days }} />
          <Recently days={recent.days} share={recent.tied} />
        </ShareCard>
        <ShareCard title={<FormattedMessage id="overview.attached" />} share={attached}>
          <FormattedMessage id="overview.attachedOf" values={{ ...attached, days }} />
          <Recently days={recent.days} share={recent.attached} />
        </ShareCard>
      </Panels>
      <LastCheck />
      {answer.queue.parked > 0 && <Failures />}
      <LastDecisions decisions={answer.decisions} />
    </Stack>
  );
}

/** The same lately, so that a bad day does not hide in a good month. */
function Recently({
  days,
  share: { part, whole },
}: {
  readonly days: number;
  readonly share: { readonly part: number; readonly whole: number };
}) {
  if (whole === 0) return null;
  return (
    <div>
      <FormattedMessage id="overview.recently" values={{ days, part, whole, share: part / whole }} />
    </div>
  );
}

/** What could not be settled by itself, with the way to try it again. */
function Failures() {
  const parked = useAnswer("get /deliveries/parked", {}, { everyMs: 30_000 });
  return (
    <Stack $gap="sm">
      <Row>
        <h2>
          <FormattedMessage id="overview.failures" />
        </h2>
        <Link href="/tickets/failed">
          <FormattedMessage id="overview.allFailures" />
        </Link>
      </Row>
      <Shown asked={parked}>{(answer) => <ParkedTable parked={answer.parked.slice(0, FAILURES)} />}</Shown>
    </Stack>
  );
}

function LastDecisions({ decisions }: Pick<OverviewAnswer, "decisions">) {
  return (
    <Stack $gap="sm">
      <Row>
        <h2>
          <FormattedMessage id="overview.decisions" />
        </h2>
        <Link href="/tickets">
          <FormattedMessage id="overview.allDecisions" />
        </Link>
        {decisions.length > 0 && <UndoLast />}
      </Row>
      {decisions.length === 0 ? (
        <Empty title={<FormattedMessage id="overview.noDecisions" />}>
          <FormattedMessage id="overview.noDecisionsWhy" />
        </Empty>
      ) : (
        <DecisionTable decisions={decisions} />
      )}
    </Stack>
  );
}
