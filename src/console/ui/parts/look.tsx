/** The look that all pages share: page colours, and the few boxes that Garden has no component for. */
import { getColor } from "@zendeskgarden/react-theming";
import styled, { createGlobalStyle } from "styled-components";

export const GlobalLook = createGlobalStyle`
  *, *::before, *::after { box-sizing: border-box; }
  html, body, #root { height: 100%; margin: 0; }
  body {
    background: ${({ theme }) => getColor({ theme, variable: "background.default" })};
    color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
    font-family: ${({ theme }) => theme.fonts.system};
    font-size: ${({ theme }) => theme.fontSizes.md};
    line-height: ${({ theme }) => theme.lineHeights.md};
  }
  h1, h2, h3, p { margin: 0; }
  h3 { font-size: ${({ theme }) => theme.fontSizes.sm}; font-weight: ${({ theme }) => theme.fontWeights.semibold}; }
  h2 { font-size: ${({ theme }) => theme.fontSizes.md}; font-weight: ${({ theme }) => theme.fontWeights.semibold}; }
  a { color: ${({ theme }) => getColor({ theme, variable: "foreground.primary" })}; }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;

/** A box with a heading: one question and its answer. */
export const Panel = styled.section`
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: ${({ theme }) => theme.space.md};
  min-width: 0;
`;

/** Panels beside each other where there is room, below each other where there is not. */
export const Panels = styled.div<{ readonly $min?: string }>`
  display: grid;
  gap: ${({ theme }) => theme.space.md};
  grid-template-columns: repeat(auto-fit, minmax(min(100%, ${({ $min }) => $min ?? "320px"}), 1fr));
`;

/** Things below each other with the same distance. */
export const Stack = styled.div<{ readonly $gap?: "xs" | "sm" | "md" | "lg" }>`
  display: flex;
  flex-direction: column;
  gap: ${({ theme, $gap }) => theme.space[$gap ?? "md"]};
  min-width: 0;
`;

/** Things beside each other that wrap. */
export const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.sm};
`;

/** Text of lesser weight. */
export const Quiet = styled.span`
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
`;

/** The one number a panel is about. */
export const BigNumber = styled.div`
  font-size: ${({ theme }) => theme.fontSizes.xxl};
  line-height: ${({ theme }) => theme.lineHeights.xxl};
  font-variant-numeric: tabular-nums;
`;
