/** Signs that a team is stretched, or that priorities creep up, among the tickets whose clocks were looked at. */
import { FormattedMessage, FormattedNumber } from "react-intl";
import styled from "styled-components";
import { Link } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { Panel, Panels, Quiet, Row, Stack } from "../parts/look.tsx";
import { ReportLead } from "../parts/report-view.tsx";
import { Shown } from "../parts/states.tsx";

type Promised = Answer<"get /promises">;

const ROUTING = ["overflow", "afterHours", "unavailable"] as const;
const PRIORITY = ["raised", "capped"] as const;

/** How often each was said, of how many. */
export function Signs({ promised }: { readonly promised: Promised }) {
  return (
    <Stack $gap="sm">
      <h2>
        <FormattedMessage id="signs.title" />
      </h2>
      <Panels $min="300px">
        <Group id="routing" signs={ROUTING} promised={promised} />
        <Group id="priority" signs={PRIORITY} promised={promised} />
      </Panels>
    </Stack>
  );
}

interface GroupProps {
  readonly id: "routing" | "priority";
  readonly signs: readonly (keyof Promised["signs"])[];
  readonly promised: Promised;
}

function Group({ id, signs, promised }: GroupProps) {
  return (
    <Panel>
      <Stack $gap="xs">
        <h3>
          <FormattedMessage id={`signs.${id}`} />
        </h3>
        <Counts>
          {signs.map((sign) => (
            <div key={sign}>
              <dt>
                <FormattedMessage id={`signs.${sign}`} />
              </dt>
              <dd>
                <FormattedNumber value={promised.signs[sign]} />
              </dd>
            </div>
          ))}
        </Counts>
        <Quiet>
          <FormattedMessage id="signs.of" values={{ looked: promised.looked }} />
        </Quiet>
      </Stack>
    </Panel>
  );
}

const Counts = styled.dl`
  margin: 0;
  display: grid;
  gap: 4px;
  div {
    display: flex;
    justify-content: space-between;
    gap: ${({ theme }) => theme.space.sm};
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
`;

/** Can we take more: what the capacity report answers, team by team. */
export function Room() {
  const asked = useAnswer(
    "get /reports/{name}/shown",
    { params: { name: "capacity" }, query: {} },
    { everyMs: 300_000 },
  );
  return (
    <Stack $gap="sm">
      <Row>
        <h2>
          <FormattedMessage id="room.title" />
        </h2>
        <Link href="~/console/reports/capacity">
          <FormattedMessage id="month.report" />
        </Link>
      </Row>
      <Shown asked={asked} lines={4}>
        {(report) => <ReportLead report={report} />}
      </Shown>
    </Stack>
  );
}
