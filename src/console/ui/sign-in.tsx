/** Nobody is signed in yet: takes the one-time token from the address, or tells how to get one. */
import { useQueryClient } from "@tanstack/react-query";
import { Anchor } from "@zendeskgarden/react-buttons";
import { Code } from "@zendeskgarden/react-typography";
import { type ReactNode, useEffect, useState } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { CallFailed, call, keyOf, useAnswer } from "./client.ts";
import { Panel, Stack } from "./parts/look.tsx";
import { Failed, Loading } from "./parts/states.tsx";

/** Shows `children` to whoever is signed in, and everybody else how to sign in. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const exchange = useToken();
  const session = useAnswer("get /session", {}, { enabled: exchange.done });
  if (exchange.done && session.data !== undefined && !isSignedOut(session.error)) return children;
  if (!exchange.done || session.isPending) return <Loading lines={6} />;
  if (session.error !== null && !isSignedOut(session.error))
    return <Failed error={session.error} again={() => void session.refetch()} />;
  return <SignIn failure={exchange.failure} />;
}

/** The session is over, or there never was one. */
export function isSignedOut(error: Error | null): boolean {
  return error instanceof CallFailed && error.status === 401;
}

/** The token stands behind `#`, which never reaches a server or a log; it is taken off the address at once. */
function useToken(): { readonly done: boolean; readonly failure: Error | null } {
  const queries = useQueryClient();
  const [state, setState] = useState<{ readonly done: boolean; readonly failure: Error | null }>(() => ({
    done: tokenInAddress() === null,
    failure: null,
  }));
  useEffect(() => {
    const token = tokenInAddress();
    if (token === null) return;
    history.replaceState(null, "", location.pathname + location.search);
    call("post /session", { body: { token } })
      .then(() => queries.invalidateQueries({ queryKey: keyOf("get /session", {}) }))
      .then(() => setState({ done: true, failure: null }))
      .catch((failure: Error) => setState({ done: true, failure }));
  }, [queries]);
  return state;
}

function tokenInAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}

function SignIn({ failure }: { readonly failure: Error | null }) {
  const ways = useAnswer("get /sign-in", {});
  const oidc = ways.data?.oidc ?? null;
  return (
    <Middle>
      <Panel>
        <Stack>
          <h1>
            <FormattedMessage id="signIn.title" />
          </h1>
          {failure !== null && <Failed error={failure} />}
          <p>
            <FormattedMessage id="signIn.how" />
          </p>
          <Code>priority-support console link --email you@example.com --role admin</Code>
          {oidc !== null && (
            <Anchor href={oidc.start}>
              <FormattedMessage id="signIn.oidc" values={{ name: oidc.name }} />
            </Anchor>
          )}
        </Stack>
      </Panel>
    </Middle>
  );
}

const Middle = styled.main`
  display: grid;
  place-items: center;
  min-height: 100%;
  padding: ${({ theme }) => theme.space.md};
  h1,
  p {
    margin: 0;
  }
  section {
    max-width: 560px;
  }
`;
