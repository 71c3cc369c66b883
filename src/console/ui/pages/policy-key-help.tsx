/** The schema's words about the key that the cursor stands on. */
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { Panel, Quiet, Stack } from "../parts/look.tsx";
import { useKeyHelp } from "./policy-drafted.ts";

/** The panel beside the text. */
export function KeyHelp({ yaml, at }: { readonly yaml: string; readonly at: number | null }) {
  const intl = useIntl();
  const { data } = useKeyHelp(yaml, at);
  return (
    <Panel aria-label={intl.formatMessage({ id: "policy.help" })}>
      <Stack $gap="xs">
        <h2>
          <FormattedMessage id="policy.help" />
        </h2>
        {data === undefined || data.path === "" ? (
          <Quiet>
            <FormattedMessage id="policy.help.where" />
          </Quiet>
        ) : (
          <>
            <Code>{data.path}</Code>
            <div>{data.known ? data.description : <FormattedMessage id="policy.help.unknown" />}</div>
            {data.options.length > 0 && (
              <Quiet>
                <FormattedMessage id="policy.help.options" values={{ options: data.options.join(", ") }} />
              </Quiet>
            )}
            {data.usual !== null && (
              <Quiet>
                <FormattedMessage id="policy.help.usual" values={{ usual: <Code>{data.usual}</Code> }} />
              </Quiet>
            )}
            {data.keys.length > 0 && (
              <Quiet>
                <FormattedMessage
                  id="policy.help.keys"
                  values={{ keys: <Code>{data.keys.join(", ")}</Code> }}
                />
              </Quiet>
            )}
          </>
        )}
      </Stack>
    </Panel>
  );
}

const Code = styled.code`
  font-family: ${({ theme }) => theme.fonts.mono};
  overflow-wrap: anywhere;
`;
