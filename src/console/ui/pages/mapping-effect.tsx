/** What the choices would do to real accounts, live; then into a draft of the policy. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useLocation } from "wouter";
import type { Answer } from "../client.ts";
import { Clamp, type Column, DataTable } from "../parts/data-table.tsx";
import { keepText } from "../parts/keep-text.ts";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { Failed } from "../parts/states.tsx";
import { Told } from "../parts/told.tsx";
import { Amount } from "../parts/words.tsx";
import { type Choices, countOf, handDraft, type Tried, useTried } from "./mapping-choices.ts";
import { Effect } from "./policy-effect.tsx";

type Preview = NonNullable<Tried["preview"]>;
type Policy = Answer<"get /policy">;

interface EffectProps {
  readonly policy: Policy;
  readonly choices: Choices;
  readonly discard: () => void;
}

/** Nothing is shown, and nothing asked, before something is chosen. */
export function MappingEffect({ policy, choices, discard }: EffectProps) {
  const tried = useTried(policy, choices);
  const count = countOf(choices);
  if (count === 0)
    return (
      <Quiet>
        <FormattedMessage id="mapping.chooseFirst" />
      </Quiet>
    );
  const isOld = tried.isPlaceholderData || tried.isFetching;
  return (
    <>
      <Panel aria-busy={isOld}>
        <Stack $gap="sm">
          <h2>
            <FormattedMessage id="mapping.effect" values={{ count }} />
          </h2>
          {tried.error !== null && !isOld && <Failed error={tried.error} />}
          {tried.data !== undefined && tried.error === null && <Outcome tried={tried.data} />}
        </Stack>
      </Panel>
      <Bar>
        <Numbers preview={tried.error === null ? (tried.data?.preview ?? null) : null} isOld={isOld} />
        <Actions policy={policy} yaml={isOld || tried.error !== null ? null : (tried.data?.draft ?? null)} />
        <Button size="small" isBasic onClick={discard}>
          <FormattedMessage id="mapping.discard" />
        </Button>
      </Bar>
    </>
  );
}

function Outcome({ tried: { draft, preview } }: { readonly tried: Tried }) {
  const errors = draft.findings.filter((one) => one.severity === "error");
  if (preview === null)
    return errors.map((one) => (
      <Told key={`${one.code}${one.path}`} state="fail" fix={one.fix}>
        {one.message}
      </Told>
    ));
  return (
    <Stack $gap="sm">
      <Quiet>
        <FormattedMessage id="mapping.tried" values={{ accounts: preview.accounts, total: preview.total }} />
      </Quiet>
      <Effect preview={preview} />
      {preview.notTried.length > 0 && (
        <Told state="warn">
          <FormattedMessage id="mapping.notTried" values={{ facts: preview.notTried.join(", ") }} />
        </Told>
      )}
      <Unreadable preview={preview} />
    </Stack>
  );
}

/** Accounts in which something cannot be read as it should be: it counts as unknown, never as zero. */
function Unreadable({ preview }: { readonly preview: Preview }) {
  const intl = useIntl();
  const rows = preview.rows.filter((one) => one.problems.length > 0);
  if (rows.length === 0) return null;
  const title = intl.formatMessage({ id: "mapping.unreadable" }, { count: preview.unreadable });
  return (
    <Stack $gap="xs">
      <h2>{title}</h2>
      <DataTable label={title} columns={COLUMNS} rows={rows} idOf={(one) => one.account.id} maxHeight={260} />
    </Stack>
  );
}

const COLUMNS: readonly Column<Preview["rows"][number]>[] = [
  {
    id: "account",
    title: <FormattedMessage id="policy.account" />,
    width: "minmax(160px, 1.4fr)",
    cell: (one) => one.account.name ?? one.account.id,
  },
  {
    id: "problems",
    title: <FormattedMessage id="mapping.problems" />,
    width: "minmax(220px, 2fr)",
    cell: ({ problems }) => {
      const words = problems.map(({ fact, detail }) => `${fact}: ${detail}`).join(" · ");
      return <Clamp title={words}>{words}</Clamp>;
    },
  },
];

function Numbers({ preview, isOld }: { readonly preview: Preview | null; readonly isOld: boolean }) {
  return (
    <span role="status">
      {isOld ? (
        <FormattedMessage id="policy.previewing" />
      ) : preview === null ? (
        <FormattedMessage id="mapping.cannot" />
      ) : (
        <>
          <Side id="policy.up" side={preview.up} /> · <Side id="policy.down" side={preview.down} />
        </>
      )}
    </span>
  );
}

function Side({ id, side }: { readonly id: "policy.up" | "policy.down"; readonly side: Preview["up"] }) {
  return (
    <>
      <FormattedMessage id={id} values={{ count: side.count }} />
      {side.arr.map((money) => (
        <Quiet key={money.currency}>
          {" "}
          <Amount money={money} />
        </Quiet>
      ))}
    </>
  );
}

/** Where a file is the truth the draft is downloaded; in either case the policy page takes it up. */
function Actions({ policy, yaml: draft }: { readonly policy: Policy; readonly yaml: Tried["draft"] | null }) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const yaml = draft?.ok === true ? draft.yaml : null;
  const use = (): void => {
    if (yaml === null) return;
    handDraft(queries, { base: policy.hash, yaml });
    go("~/console/policy");
  };
  return (
    <Row>
      <Button size="small" isPrimary disabled={yaml === null} onClick={use}>
        <FormattedMessage id="mapping.use" />
      </Button>
      {policy.readOnly && (
        <Button
          size="small"
          disabled={yaml === null}
          onClick={() => yaml !== null && keepText(yaml, "policy.yaml")}
        >
          <FormattedMessage id="policy.download" />
        </Button>
      )}
    </Row>
  );
}

/** Stays in sight while something is chosen further up. */
const Bar = styled.div`
  position: sticky;
  bottom: 0;
  z-index: 2;
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.sm};
  padding: ${({ theme }) => theme.space.sm} ${({ theme }) => theme.space.md};
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
  & > span {
    margin-right: auto;
  }
`;
