/** Papers about one customer, to be printed and handed over: what its tier promises, and how it was served. */
import { Field, Select } from "@zendeskgarden/react-forms";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "../client.ts";
import { Download } from "../parts/download.tsx";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { useNow } from "../parts/words.tsx";
import { daysOf, type NamedWindow } from "./reports-window.ts";

/** Of a review whose period nobody names. */
const USUAL_DAYS = 90;
/** Periods that are reviewed. */
const PERIODS: readonly NamedWindow[] = ["lastQuarter", "quarter", "usual", "year"];

/** The panel. */
export function Documents({ accountId }: { readonly accountId: string }) {
  const session = useAnswer("get /session", {});
  const [period, setPeriod] = useState<NamedWindow>("lastQuarter");
  const today = new Date(useNow(60_000)).toISOString().slice(0, 10);
  const path = `/customers/${encodeURIComponent(accountId)}`;
  const days = daysOf(period, today);
  return (
    <Panel>
      <Stack $gap="sm">
        <h2>
          <FormattedMessage id="documents.title" />
        </h2>
        <Quiet>
          <FormattedMessage id="documents.about" />
        </Quiet>
        <Bottom>
          <Download path={`${path}/sla`} query={{}}>
            <FormattedMessage id="documents.sla" />
          </Download>
          <Period period={period} onChange={setPeriod} />
          <Download path={`${path}/review`} query={{ ...days }}>
            <FormattedMessage id="documents.review" />
          </Download>
          {session.data?.role === "admin" && (
            <Download path={`${path}/review`} query={{ ...days, variant: "internal" }}>
              <FormattedMessage id="documents.internal" />
            </Download>
          )}
        </Bottom>
      </Stack>
    </Panel>
  );
}

const Bottom = styled(Row)`
  align-items: end;
`;

function Period({
  period,
  onChange,
}: {
  readonly period: NamedWindow;
  readonly onChange: (period: NamedWindow) => void;
}) {
  const intl = useIntl();
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="documents.period" />
      </Field.Label>
      <Select isCompact value={period} onChange={(event) => onChange(event.target.value as NamedWindow)}>
        {PERIODS.map((one) => (
          <option key={one} value={one}>
            {intl.formatMessage({ id: `report.named.${one}` }, { days: USUAL_DAYS })}
          </option>
        ))}
      </Select>
    </Field>
  );
}
