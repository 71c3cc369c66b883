/** What the customer was promised with this decision, and whether it really hangs on the ticket. */
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Ago, Dash, Minutes, Short } from "../parts/words.tsx";
import type { FullDecision } from "./full-decision.ts";

/** The panel. */
export function Promised({ decision }: { readonly decision: FullDecision }) {
  const { slaPolicy, due } = decision;
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage id="ticket.promised" />
          </h2>
          {slaPolicy !== null && <span>{slaPolicy}</span>}
        </Row>
        {slaPolicy === null ? (
          <Quiet>
            <FormattedMessage id="ticket.nothingPromised" />
          </Quiet>
        ) : (
          <Clocks due={due} />
        )}
        {slaPolicy !== null && <ReadBack decision={decision} />}
      </Stack>
    </Panel>
  );
}

function Clocks({ due }: Pick<FullDecision, "due">) {
  return (
    <Grid>
      <thead>
        <tr>
          {["metric", "target", "due"].map((name) => (
            <th key={name} scope="col">
              <FormattedMessage id={`ticket.${name}`} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {due.map((one) => (
          <tr key={one.metric}>
            <th scope="row">
              <FormattedMessage id={`metric.${one.metric}`} defaultMessage={one.metric} />
            </th>
            <td>
              {one.minutes === null ? <Dash /> : <Minutes value={one.minutes} />}{" "}
              {one.clock !== null && <Quiet>{one.clock}</Quiet>}
            </td>
            <td>{one.dueAt === null ? <Dash /> : <Short at={one.dueAt} />}</td>
          </tr>
        ))}
      </tbody>
    </Grid>
  );
}

function ReadBack({ decision: { verification } }: { readonly decision: FullDecision }) {
  if (verification === null)
    return (
      <Quiet>
        <FormattedMessage id="ticket.notReadBack" />
      </Quiet>
    );
  const { ok, at, detail, fix } = verification;
  return (
    <div>
      <Row>
        <StateDot state={ok ? "ok" : "fail"} word={false} />
        <span>{detail}</span>
        <Quiet>
          <FormattedMessage id="ticket.readBack" values={{ ago: <Ago at={at} /> }} />
        </Quiet>
      </Row>
      {fix !== null && <FormattedMessage id="fix" values={{ fix }} />}
    </div>
  );
}

/** A small table of text. */
export const Grid = styled.table`
  width: 100%;
  border-collapse: collapse;
  text-align: left;
  th,
  td {
    padding: 6px ${({ theme }) => theme.space.sm} 6px 0;
    vertical-align: top;
    font-weight: ${({ theme }) => theme.fontWeights.regular};
    overflow-wrap: anywhere;
  }
  thead th {
    font-size: ${({ theme }) => theme.fontSizes.sm};
    opacity: 0.8;
  }
`;
