/** How a figure is to be taken: a sign and a colour, so that neither is needed alone. */
import { getColor } from "@zendeskgarden/react-theming";
import styled from "styled-components";
import type { Answer } from "../client.ts";

/** What stands in a cell of a report. */
export type Cell = Answer<"get /reports/{name}/shown">["lead"][number];
type Tone = Exclude<Cell, string>["tone"];

const SIGNS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✕", doubt: "≈", quiet: "·" };

const VARIABLE = {
  good: "foreground.success",
  bad: "foreground.danger",
  doubt: "foreground.warning",
  quiet: "foreground.subtle",
} as const;

/** A cell's words with its sign; plain words have none. */
export function ToneText({ cell }: { readonly cell: Cell }) {
  if (typeof cell === "string") return cell;
  return (
    <Toned $tone={cell.tone}>
      <span aria-hidden="true">{SIGNS[cell.tone]} </span>
      {cell.text}
    </Toned>
  );
}

const Toned = styled.span<{ readonly $tone: Tone }>`
  color: ${({ theme, $tone }) => getColor({ theme, variable: VARIABLE[$tone] })};
  font-weight: ${({ theme, $tone }) => ($tone === "quiet" ? "inherit" : theme.fontWeights.semibold)};
  white-space: nowrap;
`;

/** A whole sentence of a report: its sign and a bar in its colour, the words as they are. */
export function ToneSentence({ cell }: { readonly cell: Cell }) {
  const tone = typeof cell === "string" ? "quiet" : cell.tone;
  return (
    <Sentence $tone={tone}>
      <span aria-hidden="true">{SIGNS[tone]}</span>
      <span>{typeof cell === "string" ? cell : cell.text}</span>
    </Sentence>
  );
}

const Sentence = styled.li<{ readonly $tone: Tone }>`
  display: flex;
  gap: 10px;
  padding: 8px 12px;
  border-left: 4px solid ${({ theme, $tone }) => getColor({ theme, variable: VARIABLE[$tone] })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
  & > :first-child {
    flex: none;
    width: 1em;
    color: ${({ theme, $tone }) => getColor({ theme, variable: VARIABLE[$tone] })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`;
