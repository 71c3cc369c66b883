/** The facts of the CRM that a decision rests on, as they were then, with their age then and now. */

import { FormattedMessage } from "react-intl";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { useFactName, useSay } from "../parts/said.ts";
import { Ago, FactsAge } from "../parts/words.tsx";
import type { FullDecision } from "./full-decision.ts";
import { Grid } from "./ticket-promise.tsx";

/** The panel. */
export function Facts({ decision: { facts, factsAt, basisSaid } }: { readonly decision: FullDecision }) {
  const say = useSay();
  const named = useFactName();
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage id="ticket.facts" />
          </h2>
          {facts.length > 0 && <FactsAge at={factsAt} />}
        </Row>
        {basisSaid !== null && <FormattedMessage id="ticket.basis" values={{ basis: say(basisSaid) }} />}
        {facts.length === 0 ? (
          <Quiet>
            <FormattedMessage id="ticket.noFacts" />
          </Quiet>
        ) : (
          <Grid>
            <thead>
              <tr>
                {["fact", "value", "confirmed"].map((name) => (
                  <th key={name} scope="col">
                    <FormattedMessage id={`ticket.${name}`} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {facts.map((one) => (
                <tr key={`${one.accountId} ${one.fact} ${one.value}`}>
                  <th scope="row">{named(one.fact, one.words)}</th>
                  <td>{one.value}</td>
                  <td>
                    <Quiet>
                      {one.confirmedAt === null ? (
                        <FormattedMessage id="ticket.ownRecord" />
                      ) : (
                        <Ago at={one.confirmedAt} />
                      )}
                    </Quiet>
                  </td>
                </tr>
              ))}
            </tbody>
          </Grid>
        )}
      </Stack>
    </Panel>
  );
}
