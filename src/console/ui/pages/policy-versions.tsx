/** Versions that the store keeps, what differs from the one in force, and the way back to one. */
import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { type Answer, call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { Shown } from "../parts/states.tsx";
import { Day, Moment } from "../parts/words.tsx";

type Policy = Answer<"get /policy">;
type Version = Answer<"get /policy/versions">["versions"][number];

/** The list and, for one of them, the comparison. */
export function Versions({ policy }: { readonly policy: Policy }) {
  const intl = useIntl();
  const versions = useAnswer("get /policy/versions", {});
  const session = useAnswer("get /session", {});
  const [compared, setCompared] = useState<string | null>(null);
  const mayGoBack = !policy.readOnly && session.data?.role === "admin";
  return (
    <Stack>
      <Shown asked={versions}>
        {(answer) => (
          <DataTable
            label={intl.formatMessage({ id: "policy.versions" })}
            columns={columnsFor(policy, mayGoBack, setCompared)}
            rows={answer.versions}
            idOf={(one) => one.version}
          />
        )}
      </Shown>
      {compared !== null && <Difference from={compared} to={policy.version} />}
    </Stack>
  );
}

function columnsFor(
  policy: Policy,
  mayGoBack: boolean,
  compare: (version: string) => void,
): readonly Column<Version>[] {
  return [
    {
      id: "version",
      title: <FormattedMessage id="policy.version" />,
      width: "minmax(140px, 1fr)",
      cell: (one) => (
        <Row>
          {one.version}
          {one.current && (
            <Quiet>
              <FormattedMessage id="policy.current" />
            </Quiet>
          )}
        </Row>
      ),
    },
    {
      id: "stored",
      title: <FormattedMessage id="policy.stored" />,
      width: "minmax(150px, 1fr)",
      cell: (one) => <Moment at={one.storedAt} />,
    },
    {
      id: "effective",
      title: <FormattedMessage id="policy.effective" />,
      width: "150px",
      cell: (one) =>
        one.effectiveFrom === null ? <FormattedMessage id="policy.atOnce" /> : <Day on={one.effectiveFrom} />,
    },
    {
      id: "do",
      title: <FormattedMessage id="policy.actions" />,
      width: "minmax(220px, 1.2fr)",
      cell: (one) =>
        one.current ? null : (
          <Row>
            <Button size="small" onClick={() => compare(one.version)}>
              <FormattedMessage id="policy.compare" />
            </Button>
            {mayGoBack && <GoBack version={one.version} base={policy.version} />}
          </Row>
        ),
    },
  ];
}

function GoBack({ version, base }: { readonly version: string; readonly base: string }) {
  return (
    <AskFirst
      label={<FormattedMessage id="policy.rollBack" />}
      title={<FormattedMessage id="policy.rollBack.ask" values={{ version }} />}
      run={() => call("post /policy/roll-back", { body: { version, base } })}
    >
      <FormattedMessage id="policy.rollBack.means" />
    </AskFirst>
  );
}

function Difference({ from, to }: { readonly from: string; readonly to: string }) {
  const diff = useAnswer("get /policy/diff", { query: { from, to } });
  return (
    <Panel>
      <h2>
        <FormattedMessage id="policy.compare" />
      </h2>
      <Shown asked={diff} lines={8}>
        {({ lines }) =>
          lines.every((line) => line.kind === "same") ? (
            <FormattedMessage id="policy.same" />
          ) : (
            <Lines>
              {lines.map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat, and their place is what they are
                <Line key={at} $kind={line.kind}>
                  {line.kind === "added" ? "+ " : line.kind === "removed" ? "− " : "  "}
                  {line.text}
                </Line>
              ))}
            </Lines>
          )
        }
      </Shown>
    </Panel>
  );
}

const Lines = styled.pre`
  max-height: 480px;
  overflow: auto;
  margin: 8px 0 0;
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
`;

const COLOURS = {
  added: "foreground.success",
  removed: "foreground.danger",
  same: "foreground.subtle",
} as const;

const Line = styled.div<{ readonly $kind: keyof typeof COLOURS }>`
  color: ${({ theme, $kind }) => getColor({ theme, variable: COLOURS[$kind] })};
`;
