/** One step of several: its number or a tick, what it is, and what belongs to it once it is opened. */
import { getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, useId } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Panel, Quiet } from "./look.tsx";

interface StepProps {
  readonly number: number;
  readonly title: ReactNode;
  /** In one line: how it stands. */
  readonly about: ReactNode;
  readonly done: boolean;
  readonly isNow: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

/** The step; its heading opens and closes it. */
export function Step({ number, title, about, done, isNow, open, onToggle, children }: StepProps) {
  const id = useId();
  return (
    <Framed $now={isNow} aria-current={isNow ? "step" : undefined}>
      <Heading>
        <Toggle type="button" aria-expanded={open} aria-controls={id} onClick={onToggle}>
          <Mark $done={done} $now={isNow} aria-hidden="true">
            {done ? "✓" : number}
          </Mark>
          <span>
            {title}
            <About>
              <Quiet>
                {done && (
                  <>
                    <FormattedMessage id="setup.isDone" />
                    {" · "}
                  </>
                )}
                {about}
              </Quiet>
            </About>
          </span>
          <Arrow $open={open} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d="M4 6l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.800" />
          </Arrow>
        </Toggle>
      </Heading>
      <Inside id={id} hidden={!open}>
        {open && children}
      </Inside>
    </Framed>
  );
}

const Framed = styled(Panel)<{ readonly $now: boolean }>`
  padding: 0;
  border-color: ${({ theme, $now }) => getColor({ theme, variable: $now ? "border.primaryEmphasis" : "border.default" })};
`;

const Heading = styled.h2`
  margin: 0;
`;

const Toggle = styled.button`
  display: flex;
  align-items: center;
  gap: ${({ theme }) => theme.space.sm};
  width: 100%;
  padding: ${({ theme }) => `${theme.space.sm} ${theme.space.md}`};
  border: 0;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: none;
  color: inherit;
  font: inherit;
  text-align: left;
  cursor: pointer;
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

const Mark = styled.span<{ readonly $done: boolean; readonly $now: boolean }>`
  flex: none;
  width: 28px;
  height: 28px;
  border-radius: 50%;
  border: 2px solid
    ${({ theme, $done, $now }) => getColor({ theme, variable: $done ? "border.successEmphasis" : $now ? "border.primaryEmphasis" : "border.emphasis" })};
  color: ${({ theme, $done, $now }) => getColor({ theme, variable: $done ? "foreground.success" : $now ? "foreground.primary" : "foreground.subtle" })};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 24px;
  text-align: center;
`;

const About = styled.span`
  display: block;
  font-weight: ${({ theme }) => theme.fontWeights.regular};
`;

const Arrow = styled.svg<{ readonly $open: boolean }>`
  flex: none;
  margin-left: auto;
  transform: ${({ $open }) => ($open ? "rotate(180deg)" : "none")};
`;

const Inside = styled.div`
  padding: ${({ theme }) => `0 ${theme.space.md} ${theme.space.md} calc(${theme.space.md} + 40px)`};
  @media (max-width: 700px) {
    padding: ${({ theme }) => `0 ${theme.space.md} ${theme.space.md}`};
  }
`;
