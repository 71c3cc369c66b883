/** A draft of the policy: text, findings as it is typed, what it would change, publishing it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Textarea } from "@zendeskgarden/react-forms";
import { Notification } from "@zendeskgarden/react-notifications";
import { getColor } from "@zendeskgarden/react-theming";
import { useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { keepText } from "../parts/keep-text.ts";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Failed } from "../parts/states.tsx";
import { handedDraft } from "./mapping-choices.ts";
import { DRAFTING, type Finding, type Policy, useIsWriting, useLint } from "./policy-drafted.ts";
import { Effect } from "./policy-effect.tsx";
import { TiersForm } from "./policy-form.tsx";
import { KeyHelp } from "./policy-key-help.tsx";

interface DraftProps {
  readonly policy: Policy;
  readonly as: "yaml" | "form";
}

/** The draft begins as what is in force; its text is the truth, the form only another way to write it. */
export function Draft({ policy, as }: DraftProps) {
  const queries = useQueryClient();
  const [handed] = useState(() => handedDraft(queries, policy.hash));
  const [yaml, setYaml] = useState(handed ?? policy.yaml);
  const latest = useRef(yaml);
  const change = (text: string): void => {
    latest.current = text;
    setYaml(text);
  };
  const [cursor, setCursor] = useState<number | null>(null);
  const linted = useLint(yaml, policy);
  const isWriting = useIsWriting();
  const ready = linted.ok && !isWriting;
  const preview = usePreview(latest);
  return (
    <Sides>
      <Stack $gap="sm">
        {policy.readOnly && (
          <Notification type="info">
            <FormattedMessage id="policy.readOnly" />
          </Notification>
        )}
        {handed !== null && yaml !== policy.yaml && (
          <Notification type="info">
            <FormattedMessage id="policy.fromMapping" />
          </Notification>
        )}
        {as === "form" ? (
          <TiersForm yaml={yaml} change={change} findings={linted.findings} />
        ) : (
          <Editor yaml={yaml} change={change} move={setCursor} />
        )}
        <Doing>
          <Button onClick={() => preview.mutate()} disabled={!ready || preview.isPending}>
            <FormattedMessage id={preview.isPending ? "policy.previewing" : "policy.preview"} />
          </Button>
          <Publish policy={policy} yaml={yaml} ready={ready && yaml !== policy.yaml} />
          <Button isBasic onClick={() => keepText(yaml, "policy.yaml")}>
            <FormattedMessage id="policy.download" />
          </Button>
          <Button isBasic disabled={yaml === policy.yaml} onClick={() => change(policy.yaml)}>
            <FormattedMessage id="policy.reset" />
          </Button>
        </Doing>
        {preview.error !== null && <Failed error={preview.error} />}
        {preview.data?.text === yaml && <Effect preview={preview.data.effect} seeMapping />}
      </Stack>
      <Stack $gap="sm">
        {as === "yaml" && <KeyHelp yaml={yaml} at={cursor} />}
        <Findings findings={linted.findings} failure={linted.failure} isChecking={linted.isChecking} />
      </Stack>
    </Sides>
  );
}

/** What the newest text would do; behind a change of the form that is on its way into it. */
function usePreview(latest: { readonly current: string }) {
  return useMutation({
    scope: { id: DRAFTING },
    mutationFn: async () => {
      const text = latest.current;
      return { text, effect: await call("post /policy/preview", { body: { yaml: text } }) };
    },
  });
}

interface EditorProps {
  readonly yaml: string;
  readonly change: (yaml: string) => void;
  /** The cursor moved to so many characters from the beginning. */
  readonly move: (at: number) => void;
}

function Editor({ yaml, change, move }: EditorProps) {
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="policy.yaml" />
      </Field.Label>
      <Text
        value={yaml}
        rows={28}
        spellCheck={false}
        wrap="off"
        onChange={(event) => change(event.currentTarget.value)}
        onSelect={(event) => move(event.currentTarget.selectionStart)}
      />
    </Field>
  );
}

/** Only where the policy is kept in the store, and only for administrators. */
function Publish({
  policy,
  yaml,
  ready,
}: {
  readonly policy: Policy;
  readonly yaml: string;
  readonly ready: boolean;
}) {
  const session = useAnswer("get /session", {});
  if (policy.readOnly || session.data?.role !== "admin") return null;
  return (
    <AskFirst
      label={<FormattedMessage id="policy.publish" />}
      title={<FormattedMessage id="policy.publish.ask" />}
      isPrimary
      size="medium"
      disabled={!ready}
      run={() => call("post /policy/publish", { body: { yaml, base: policy.version } })}
    >
      <FormattedMessage id="policy.publish.means" />
    </AskFirst>
  );
}

interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly failure: Error | null;
  readonly isChecking: boolean;
}

function Findings({ findings, failure, isChecking }: FindingsProps) {
  const intl = useIntl();
  const errors = findings.filter((one) => one.severity === "error").length;
  return (
    <Panel aria-label={intl.formatMessage({ id: "policy.edit" })} aria-live="polite" aria-busy={isChecking}>
      <Stack $gap="sm">
        <h2>
          {isChecking ? (
            <FormattedMessage id="policy.checking" />
          ) : (
            <FormattedMessage id="policy.findings" values={{ errors, warnings: findings.length - errors }} />
          )}
        </h2>
        {failure !== null && <Failed error={failure} />}
        {findings.map((one) => (
          <div key={`${one.code}${one.path}${one.message}`}>
            <StateDot state={one.severity === "error" ? "fail" : "warn"} word={false} />{" "}
            <Where>{one.path}</Where>
            <div>{one.message}</div>
            <Quiet>{one.fix}</Quiet>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

const Sides = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.space.md};
  grid-template-columns: minmax(0, 2fr) minmax(240px, 1fr);
  align-items: start;
  @media (max-width: 900px) {
    grid-template-columns: minmax(0, 1fr);
  }
`;

/** Stays in sight below a form that is longer than the window. */
const Doing = styled(Row)`
  position: sticky;
  bottom: 0;
  z-index: 1;
  padding: ${({ theme }) => theme.space.xs} 0;
  background: ${({ theme }) => getColor({ theme, variable: "background.default" })};
`;

const Text = styled(Textarea)`
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 1.5;
`;

const Where = styled.strong`
  overflow-wrap: anywhere;
`;
