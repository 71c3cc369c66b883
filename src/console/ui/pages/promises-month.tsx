/** Are promises kept since the month began: tier by tier against the objective, with what is left of the error budget. */
import { Progress } from "@zendeskgarden/react-loaders";
import { FormattedDate, FormattedMessage, FormattedNumber, useIntl } from "react-intl";
import { Link } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { type State, StateDot } from "../parts/state-dot.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Dash, TierTag } from "../parts/words.tsx";

type Month = Answer<"get /promises/month">;
type Kept = Month["rows"][number];

const STATES: Readonly<Record<Kept["verdict"], State>> = {
  met: "ok",
  met_not_proven: "warn",
  missed: "fail",
  too_few: "unknown",
};

const columns: readonly Column<Kept>[] = [
  {
    id: "tier",
    title: <FormattedMessage id="tickets.tier" />,
    width: "minmax(180px, 1.1fr)",
    cell: (one) => (
      <Two first={<TierTag tier={one.tier} />} second={<FormattedMessage id={`metric.${one.metric}`} />} />
    ),
  },
  {
    id: "share",
    title: <FormattedMessage id="month.share" />,
    width: "minmax(150px, 0.9fr)",
    cell: (one) => <Two first={<Share kept={one} />} second={<Between kept={one} />} />,
  },
  {
    id: "counts",
    title: <FormattedMessage id="month.counts" />,
    width: "minmax(150px, 0.9fr)",
    cell: ({ met, missed, openLate }) => (
      <Two
        first={<FormattedMessage id="month.metOf" values={{ met, n: met + missed }} />}
        second={openLate > 0 && <FormattedMessage id="month.openLate" values={{ openLate }} />}
      />
    ),
  },
  {
    id: "budget",
    title: <FormattedMessage id="month.budget" />,
    width: "minmax(170px, 1fr)",
    cell: (one) => <Budget kept={one} />,
  },
  {
    id: "verdict",
    title: <FormattedMessage id="month.verdict" />,
    width: "minmax(150px, 0.8fr)",
    cell: ({ verdict }) => (
      <Row>
        <StateDot state={STATES[verdict]} word={false} />
        <FormattedMessage id={`month.verdict.${verdict}`} />
      </Row>
    ),
  },
];

function Share({ kept: { share } }: { readonly kept: Kept }) {
  if (share === null) return <Dash />;
  return (
    <FormattedNumber value={share} style="percent" minimumFractionDigits={1} maximumFractionDigits={1} />
  );
}

function Between({ kept: { low, high } }: { readonly kept: Kept }) {
  if (low === null || high === null) return null;
  return <FormattedMessage id="month.interval" values={{ low, high }} />;
}

function Budget({ kept: { burnt, allowed, missed } }: { readonly kept: Kept }) {
  const intl = useIntl();
  if (burnt === null || allowed === null) return <Dash />;
  const part = intl.formatNumber(burnt, { style: "percent" });
  return (
    <Two
      first={
        <Progress
          value={Math.min(100, Math.round(burnt * 100))}
          size="medium"
          color={burnt > 1 ? "dangerHue" : burnt > 0.75 ? "warningHue" : "successHue"}
          aria-label={intl.formatMessage({ id: "month.budget" })}
        />
      }
      second={<FormattedMessage id="month.burnt" values={{ part, missed, allowed }} />}
    />
  );
}

/** The part of the page. */
export function PromiseMonth() {
  const asked = useAnswer("get /promises/month", {}, { everyMs: 300_000 });
  return (
    <Stack $gap="sm">
      <Row>
        <h2>
          <FormattedMessage id="month.title" />
        </h2>
        <Link href="~/console/reports/attainment">
          <FormattedMessage id="month.report" />
        </Link>
      </Row>
      <Shown asked={asked} lines={6}>
        {(month) => <Answered month={month} />}
      </Shown>
    </Stack>
  );
}

function Answered({ month }: { readonly month: Month }) {
  const intl = useIntl();
  const { rows, from, timezone, tickets, objective, minTargets } = month;
  if (rows.length === 0)
    return (
      <Empty title={<FormattedMessage id="month.none" />}>
        <FormattedMessage id={month.through === null ? "month.nothingRead" : "month.noneWhy"} />
      </Empty>
    );
  const since = <FormattedDate value={from} dateStyle="long" timeZone={timezone} />;
  return (
    <>
      <Quiet>
        <FormattedMessage id="month.about" values={{ since, timezone, tickets, objective, minTargets }} />
      </Quiet>
      <DataTable
        label={intl.formatMessage({ id: "month.title" })}
        columns={columns}
        rows={rows}
        idOf={(one) => `${one.tier.id} ${one.metric}`}
        rowHeight={56}
        maxHeight={720}
      />
    </>
  );
}
