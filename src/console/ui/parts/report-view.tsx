/** A report as the service tells it: the answer in sentences, then each part with its plot and its table. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import type { Answer } from "../client.ts";
import { Quiet, Stack } from "./look.tsx";
import { ReportPlot } from "./report-plot.tsx";
import { ReportTable } from "./report-table.tsx";
import { Empty } from "./states.tsx";
import { ToneSentence } from "./tone.tsx";
import { WeekGrid } from "./week-grid.tsx";

/** As it is told. */
export type ShownReport = Answer<"get /reports/{name}/shown">;
type Part = ShownReport["parts"][number];

/** The whole report. */
export function ReportView({ report }: { readonly report: ShownReport }) {
  return (
    <Stack $gap="lg">
      <ReportLead report={report} />
      {report.parts.map((part) => (
        <ReportPart key={part.id} part={part} />
      ))}
      <ReportAbout report={report} />
    </Stack>
  );
}

/** The answer, before any table. Where nothing was read yet it says what would change that. */
export function ReportLead({ report }: { readonly report: ShownReport }) {
  return (
    <>
      {report.tickets === 0 && report.through === null && (
        <Empty title={<FormattedMessage id="report.noTickets" />}>
          <FormattedMessage id="report.noTicketsWhy" />
        </Empty>
      )}
      <Answers>
        {report.lead.map((cell) => (
          <ToneSentence key={typeof cell === "string" ? cell : cell.text} cell={cell} />
        ))}
      </Answers>
    </>
  );
}

/** One part: what it says, its plot, its table. */
export function ReportPart({ part: { title, about, plot, weeks, table } }: { readonly part: Part }) {
  const intl = useIntl();
  return (
    <Stack $gap="sm">
      <div>
        <h2>{title}</h2>
        <Quiet>{about}</Quiet>
      </div>
      {plot !== null && (
        <ReportPlot plot={plot} label={intl.formatMessage({ id: "report.plot" }, { title: plot.title })} />
      )}
      {weeks.map((week) => (
        <WeekGrid key={week.title} week={week} />
      ))}
      <ReportTable table={table} label={title} />
    </Stack>
  );
}

/** Window, zone, clock, n, what was left out, and how to read it. */
export function ReportAbout({ report }: { readonly report: ShownReport }) {
  return (
    <Small>
      {[...report.about, ...report.notes].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </Small>
  );
}

const Answers = styled.ul`
  list-style: none;
  margin: 0;
  padding: 0;
  display: grid;
  gap: ${({ theme }) => theme.space.xs};
`;

const Small = styled.ul`
  margin: 0;
  padding-left: 18px;
  font-size: ${({ theme }) => theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
`;
