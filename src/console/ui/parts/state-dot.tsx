/** Fine, doubtful, broken or not known: a sign with its word, never colour alone. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";

export type State = "ok" | "warn" | "fail" | "unknown";

const VARIABLE = {
  ok: "foreground.success",
  warn: "foreground.warning",
  fail: "foreground.danger",
  unknown: "foreground.subtle",
} as const;

const SIGNS: Readonly<Record<State, string>> = {
  ok: "M4 8.5 7 11.500 12 5",
  warn: "M8 3.500v5.500M8 12v.2",
  fail: "M4.500 4.500l7 7M11.500 4.500l-7 7",
  unknown: "M5.500 6a2.500 2.500 0 1 1 3.300 2.400C8 8.700 8 9.200 8 10M8 12.300v.2",
};

/** The sign and, beside it, its word. */
export function StateDot({ state, word = true }: { readonly state: State; readonly word?: boolean }) {
  return (
    <Line $state={state}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="7.25" fill="none" stroke="currentColor" strokeWidth="1.500" />
        <path
          d={SIGNS[state]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.800"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {word && <FormattedMessage id={`state.${state}`} />}
    </Line>
  );
}

const Line = styled.span<{ readonly $state: State }>`
  display: inline-flex;
  align-items: center;
  gap: 6px;
  flex: none;
  vertical-align: text-bottom;
  white-space: nowrap;
  color: ${({ theme, $state }) => getColor({ theme, variable: VARIABLE[$state] })};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`;
