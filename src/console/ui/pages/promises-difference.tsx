/** Is the higher tier really served better, and what does that cost standard customers: the two beside each other. */
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import { useAnswer } from "../client.ts";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { ReportLead, ReportPart, type ShownReport } from "../parts/report-view.tsx";
import { Shown } from "../parts/states.tsx";

/** What stands here of the report; the rest of it is one click away. */
const PARTS: readonly string[] = ["first_reply", "cost"];

/** The part of the page: the last 90 days. */
export function Difference() {
  const asked = useAnswer(
    "get /reports/{name}/shown",
    { params: { name: "differentiation" }, query: {} },
    { everyMs: 300_000 },
  );
  return (
    <Stack $gap="sm">
      <Row>
        <h2>
          <FormattedMessage id="difference.title" />
        </h2>
        <Link href="~/console/reports/differentiation">
          <FormattedMessage id="month.report" />
        </Link>
      </Row>
      <Shown asked={asked} lines={8}>
        {(report) => <Answered report={report} />}
      </Shown>
    </Stack>
  );
}

function Answered({ report }: { readonly report: ShownReport }) {
  return (
    <Stack>
      <Quiet>{report.about[0]}</Quiet>
      <ReportLead report={report} />
      {report.tickets > 0 &&
        report.parts
          .filter(({ id }) => PARTS.includes(id))
          .map((part) => <ReportPart key={part.id} part={part} />)}
    </Stack>
  );
}
