/** A plan line by line, as the command line prints it, with what it costs above. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import type { Answer } from "../client.ts";
import { Row, Stack } from "../parts/look.tsx";
import { Told } from "../parts/told.tsx";
import { Pill } from "../parts/words.tsx";

/** The plan as the service tells it. */
export type PlanAnswer = Answer<"get /setup/plan">;

const HUES: Readonly<Record<string, string>> = {
  create: "green",
  change: "yellow",
  drift: "yellow",
  adopt: "yellow",
  reorder: "blue",
  remove: "red",
  blocked: "red",
};

/** What it would do, in one line and in full. */
export function Plan({ plan }: { readonly plan: PlanAnswer }) {
  const intl = useIntl();
  const { steps, calls, minutes, actions, barred, blocked, lines } = plan;
  return (
    <Stack $gap="sm">
      <Row role="status">
        {steps === 0 && blocked === 0 ? (
          <Told state="ok">
            <FormattedMessage id="setup.plan.nothing" />
          </Told>
        ) : (
          <>
            {actions.map(({ action, count }) => (
              <Pill key={action} $hue={HUES[action] ?? "grey"}>
                <FormattedMessage id={`setup.action.${action}`} values={{ count }} />
              </Pill>
            ))}
            <FormattedMessage id="setup.plan.cost" values={{ calls, minutes }} />
          </>
        )}
      </Row>
      {barred && (
        <Told state="fail">
          <FormattedMessage id="setup.plan.barred" />
        </Told>
      )}
      {blocked > 0 && (
        <Told state="warn">
          <FormattedMessage id="setup.plan.blocked" values={{ blocked }} />
        </Told>
      )}
      {lines.length > 0 && (
        <Lines role="region" aria-label={intl.formatMessage({ id: "setup.plan.lines" })} tabIndex={0}>
          {lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat, and their place is what they are
            <Line key={at} $tone={line.tone}>
              {line.text === "" ? " " : line.text}
            </Line>
          ))}
        </Lines>
      )}
    </Stack>
  );
}

const Lines = styled.pre`
  max-height: 420px;
  overflow: auto;
  margin: 0;
  padding: ${({ theme }) => theme.space.sm};
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 1.5;
`;

const TONES = {
  plain: "foreground.default",
  good: "foreground.success",
  change: "foreground.warning",
  bad: "foreground.danger",
  faint: "foreground.subtle",
} as const;

const Line = styled.div<{ readonly $tone: keyof typeof TONES }>`
  color: ${({ theme, $tone }) => getColor({ theme, variable: TONES[$tone] })};
`;
