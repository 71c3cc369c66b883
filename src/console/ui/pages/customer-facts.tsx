/** Why a customer has its tier, and what the CRM says about it. */
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { useFactName, useSay } from "../parts/said.ts";
import { Ago, FactsAge, Pill, productName } from "../parts/words.tsx";
import type { FullCustomer } from "./full-customer.ts";
import { Grid } from "./ticket-promise.tsx";
import { Pairs } from "./ticket-written.tsx";

/** Reasons step by step, what to be careful about, and the facts that were used. */
export function WhyThisTier({
  story: { reasons, flags, factsUsed, asOf },
}: {
  readonly story: FullCustomer;
}) {
  const say = useSay();
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage id="customer.why" />
          </h2>
          {asOf !== null && (
            <Quiet>
              <FormattedMessage id="customer.asOf" values={{ ago: <Ago at={asOf} /> }} />
            </Quiet>
          )}
        </Row>
        <Steps>
          {reasons.map((one) => (
            <li key={one.code}>{say(one)}</li>
          ))}
        </Steps>
        {flags.length > 0 && (
          <Row>
            {flags.map((one) => (
              <Pill key={one.code} $hue="yellow" title={say(one)}>
                {say(one)}
              </Pill>
            ))}
          </Row>
        )}
        {factsUsed.length > 0 && <FactsUsed facts={factsUsed} />}
      </Stack>
    </Panel>
  );
}

function FactsUsed({ facts }: { readonly facts: FullCustomer["factsUsed"] }) {
  const named = useFactName();
  return (
    <Grid>
      <thead>
        <tr>
          {["ticket.fact", "customer.value", "ticket.confirmed"].map((id) => (
            <th key={id} scope="col">
              <FormattedMessage id={id} />
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
              <Unbroken>
                {one.confirmedAt === null ? (
                  <FormattedMessage id="ticket.ownRecord" />
                ) : (
                  <Ago at={one.confirmedAt} />
                )}
              </Unbroken>
            </td>
          </tr>
        ))}
      </tbody>
    </Grid>
  );
}

const Unbroken = styled(Quiet)`
  white-space: nowrap;
`;

const Steps = styled.ol`
  margin: 0;
  padding-left: 1.5em;
`;

/** Fact by fact; what the CRM does not state is left out. */
export function CrmFacts({ story: { facts, source, sourceId, factsAt } }: { readonly story: FullCustomer }) {
  const named = useFactName();
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage id="customer.facts" values={{ name: productName(source) }} />
          </h2>
          <FactsAge at={factsAt} />
        </Row>
        <Pairs>
          {[...facts, { name: "source id", words: null, value: sourceId }].map(({ name, words, value }) => (
            <Pair key={name} words={words === null ? null : named(name, words)} value={value} />
          ))}
        </Pairs>
      </Stack>
    </Panel>
  );
}

function Pair({ words, value }: { readonly words: string | null; readonly value: string }) {
  return (
    <>
      <dt>{words ?? <FormattedMessage id="customer.sourceId" />}</dt>
      <dd>{value}</dd>
    </>
  );
}
