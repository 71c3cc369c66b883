/** One thing with how it stands, in words, and what to do about it. */
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Quiet } from "./look.tsx";
import { type State, StateDot } from "./state-dot.tsx";

interface ToldProps {
  readonly state: State;
  readonly children: ReactNode;
  /** null = there is nothing to do. */
  readonly fix?: string | null;
  /** The state's word too, where the sentence does not say it. */
  readonly word?: boolean;
}

/** The line. */
export function Told({ state, children, fix = null, word = false }: ToldProps) {
  return (
    <One>
      <StateDot state={state} word={word} />
      <div>
        {children}
        {fix !== null && (
          <div>
            <Quiet>
              <FormattedMessage id="fix" values={{ fix }} />
            </Quiet>
          </div>
        )}
      </div>
    </One>
  );
}

const One = styled.div`
  display: flex;
  align-items: start;
  gap: 8px;
  overflow-wrap: anywhere;
  & > span {
    margin-top: 2px;
  }
`;
