/** What stands where an answer is not there: still coming, nothing to show, or failed with what to do. */
import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { Notification, Well } from "@zendeskgarden/react-notifications";
import { getColor } from "@zendeskgarden/react-theming";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { CallFailed } from "../client.ts";
import { Quiet, Row, Stack } from "./look.tsx";

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isError: boolean;
  refetch(): unknown;
}

/** Shows an answer when it is there. An old answer stays on the page with the failure above it. */
export function Shown<T>({
  asked,
  lines = 4,
  children,
}: {
  readonly asked: Asked<T>;
  /** How tall the placeholder is. */
  readonly lines?: number;
  readonly children: (answer: T) => ReactNode;
}) {
  if (asked.data === undefined && !asked.isError) return <Loading lines={lines} />;
  return (
    <Stack $gap="sm">
      {asked.isError && asked.error !== null && (
        <Failed error={asked.error} again={() => void asked.refetch()} />
      )}
      {asked.data === undefined ? null : children(asked.data)}
    </Stack>
  );
}

/** Grey lines where text will be. */
export function Loading({ lines }: { readonly lines: number }) {
  return (
    <div role="status" aria-live="polite">
      <Hidden>
        <FormattedMessage id="state.loading" />
      </Hidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <Skeleton key={line} width={`${90 - ((line * 17) % 40)}%`} height="18px" />
      ))}
    </div>
  );
}

/** What went wrong and what to do about it. */
export function Failed({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const details = error instanceof CallFailed ? error.details : [];
  return (
    <Notification type="error" role="alert">
      <Notification.Title>{error.message}</Notification.Title>
      {details.length > 1 && (
        <ul>
          {details.map((one) => (
            <li key={`${one.path}${one.message}`}>{one.message}</li>
          ))}
        </ul>
      )}
      {error instanceof CallFailed && <FormattedMessage id="fix" values={{ fix: error.fix }} />}
      {again !== undefined && (
        <div>
          <Button isLink onClick={again}>
            <FormattedMessage id="state.retry" />
          </Button>
        </div>
      )}
    </Notification>
  );
}

/** Nothing to show, and why that is fine or what would change it. */
export function Empty({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) {
  return (
    <Well isRecessed>
      <Well.Title>{title}</Well.Title>
      {children}
    </Well>
  );
}

/** A page's heading with what can be done there at the right. */
export function PageHead({
  title,
  about,
  actions,
}: {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <Head>
      <div>
        <h1>{title}</h1>
        {about !== undefined && <Quiet>{about}</Quiet>}
      </div>
      <Row>{actions}</Row>
    </Head>
  );
}

const Head = styled.header`
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  justify-content: space-between;
  gap: ${({ theme }) => theme.space.sm};
  h1 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.xl};
    line-height: ${({ theme }) => theme.lineHeights.xl};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
  }
`;

/** Text for screen readers only. */
export const Hidden = styled.span`
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
`;
