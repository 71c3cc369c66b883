/** A share as a panel: the number large, what it counts, and how few or many it rests on. */
import type { ReactNode } from "react";
import { FormattedMessage, FormattedNumber } from "react-intl";
import { BigNumber, Panel, Quiet, Stack } from "./look.tsx";

/** The panel; nothing observed is said in words, never shown as zero. */
export function ShareCard({
  title,
  share,
  children,
}: {
  readonly title: ReactNode;
  readonly share: { readonly part: number; readonly whole: number };
  /** Of how many, and of what time. */
  readonly children: ReactNode;
}) {
  return (
    <Panel>
      <Stack $gap="xs">
        <h2>{title}</h2>
        <BigNumber>
          {share.whole === 0 ? (
            <FormattedMessage id="share.none" />
          ) : (
            <FormattedNumber value={share.part / share.whole} style="percent" maximumFractionDigits={1} />
          )}
        </BigNumber>
        <Quiet>{children}</Quiet>
      </Stack>
    </Panel>
  );
}
