/** How many customers have which tier, why, and how much room its cap leaves. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage, FormattedNumber, useIntl } from "react-intl";
import styled from "styled-components";
import { type Answer, useAnswer } from "../client.ts";
import { BigNumber, Panel, Panels, Quiet, Row, Stack } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Shown } from "../parts/states.tsx";
import { TierTag } from "../parts/words.tsx";

type Load = Answer<"get /tiers">["tiers"][number];

/** A panel per tier, the highest first. */
export function TierLoads() {
  const tiers = useAnswer("get /tiers", {}, { everyMs: 60_000 });
  return (
    <Shown asked={tiers}>
      {(answer) => (
        <Panels $min="200px">
          {answer.tiers.map((load) => (
            <OneTier key={load.tier.id} load={load} />
          ))}
        </Panels>
      )}
    </Shown>
  );
}

function OneTier({ load: { tier, accounts, cap, waiting, byBasis } }: { readonly load: Load }) {
  const say = useSay();
  return (
    <Panel>
      <Stack $gap="xs">
        <h2 title={tier.name}>
          <TierTag tier={tier} />
        </h2>
        <Row>
          <BigNumber>
            <FormattedNumber value={accounts} />
          </BigNumber>
          <Quiet>
            {cap === null ? (
              <FormattedMessage id="customers.noCap" />
            ) : (
              <FormattedMessage id="customers.cap" values={{ cap }} />
            )}
            {waiting > 0 && (
              <>
                , <FormattedMessage id="promises.waiting" values={{ waiting }} />
              </>
            )}
          </Quiet>
        </Row>
        {cap !== null && <Filled tier={tier.name} accounts={accounts} cap={cap} />}
        <Bases>
          {byBasis.map((one) => (
            <li key={one.basis}>
              <span>{say(one)}</span>
              <FormattedNumber value={one.accounts} />
            </li>
          ))}
        </Bases>
      </Stack>
    </Panel>
  );
}

function Filled({
  tier,
  accounts,
  cap,
}: {
  readonly tier: string;
  readonly accounts: number;
  readonly cap: number;
}) {
  const intl = useIntl();
  const label = intl.formatMessage({ id: "customers.room" }, { tier });
  return <Bar aria-label={label} max={Math.max(cap, 1)} value={Math.min(accounts, cap)} />;
}

const Bar = styled.progress`
  appearance: none;
  width: 100%;
  height: 6px;
  border: 0;
  border-radius: 3px;
  overflow: hidden;
  background: ${({ theme }) => getColor({ theme, variable: "border.default" })};
  &::-webkit-progress-bar {
    background: ${({ theme }) => getColor({ theme, variable: "border.default" })};
  }
  &::-webkit-progress-value {
    background: ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
  &::-moz-progress-bar {
    background: ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
`;

const Bases = styled.ul`
  list-style: none;
  margin: 0;
  padding: 0;
  font-size: ${({ theme }) => theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  li {
    display: flex;
    justify-content: space-between;
    gap: ${({ theme }) => theme.space.sm};
  }
`;
