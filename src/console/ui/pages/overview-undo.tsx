/** Taking back what was written on the last tickets: what that would do, then doing it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Select } from "@zendeskgarden/react-forms";
import { Body, Close, Footer, FooterItem, Header, Modal } from "@zendeskgarden/react-modals";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { type Answer, call, useAnswer } from "../client.ts";
import { Quiet, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Failed, Shown } from "../parts/states.tsx";

type Told = Answer<"get /undo/tickets">;

const COUNTS = [1, 5, 10, 25] as const;
/** Every ticket is read, and read again a second later, before it is written. */
const DEADLINE_MS = 180_000;

/** The button, for administrators. */
export function UndoLast() {
  const session = useAnswer("get /session", {});
  const [open, setOpen] = useState(false);
  if (session.data?.role !== "admin") return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <FormattedMessage id="undo.open" />
      </Button>
      {open && <Dialog close={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ close }: { readonly close: () => void }) {
  const intl = useIntl();
  const queries = useQueryClient();
  const [last, setLast] = useState<number>(COUNTS[0]);
  const preview = useAnswer("get /undo/tickets", { query: { last } });
  const undo = useMutation({
    mutationFn: (since: string) => call("post /undo/tickets", { body: { last, since } }, DEADLINE_MS),
    onSettled: () => queries.invalidateQueries(),
  });
  const since = preview.data?.since ?? null;
  const isOld = preview.isFetching || preview.isPlaceholderData;
  return (
    <Modal onClose={close} role="alertdialog" isLarge>
      <Header>
        <FormattedMessage id="undo.title" />
      </Header>
      <Body>
        <Stack $gap="sm">
          {undo.error !== null && <Failed error={undo.error} />}
          {undo.data === undefined ? (
            <>
              <HowMany last={last} onChange={setLast} />
              <Shown asked={preview} lines={3}>
                {(told) => <Lines told={told} done={false} />}
              </Shown>
            </>
          ) : (
            <Lines told={undo.data} done />
          )}
        </Stack>
      </Body>
      <Footer>
        <FooterItem>
          <Button isBasic onClick={close}>
            <FormattedMessage id={undo.data === undefined ? "ask.cancel" : "ask.close"} />
          </Button>
        </FooterItem>
        {undo.data === undefined && (
          <FooterItem>
            <Button
              isPrimary
              isDanger
              disabled={since === null || isOld || undo.isPending || preview.data?.undone.length === 0}
              onClick={() => since !== null && undo.mutate(since)}
            >
              <FormattedMessage id={undo.isPending ? "undo.working" : "undo.do"} />
            </Button>
          </FooterItem>
        )}
      </Footer>
      <Close aria-label={intl.formatMessage({ id: "ask.close" })} />
    </Modal>
  );
}

function HowMany({ last, onChange }: { readonly last: number; readonly onChange: (last: number) => void }) {
  const intl = useIntl();
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="undo.howMany" />
      </Field.Label>
      <Select isCompact value={last} onChange={(event) => onChange(Number(event.target.value))}>
        {COUNTS.map((count) => (
          <option key={count} value={count}>
            {intl.formatMessage({ id: "undo.count" }, { count })}
          </option>
        ))}
      </Select>
      <Field.Hint>
        <FormattedMessage id="undo.more" />
      </Field.Hint>
    </Field>
  );
}

function Lines({ told, done }: { readonly told: Told; readonly done: boolean }) {
  const { undone, left, failed, already, since } = told;
  if (since === null) return <FormattedMessage id="undo.nothing" />;
  return (
    <Stack $gap="xs" role="status">
      <FormattedMessage
        id={done ? "undo.was" : "undo.would"}
        values={{ undone: undone.length, left: left.length + failed.length, already }}
      />
      <List>
        {undone.map(({ what, did }) => (
          <li key={`${what} ${did}`}>
            <StateDot state="ok" word={false} /> {what}: {did}
          </li>
        ))}
        {[...left, ...failed].map(({ what, why, fix }) => (
          <li key={`${what} ${why}`}>
            <StateDot state="warn" word={false} /> {what}: {why}
            {fix !== null && (
              <div>
                <Quiet>
                  <FormattedMessage id="fix" values={{ fix }} />
                </Quiet>
              </div>
            )}
          </li>
        ))}
      </List>
      <Quiet>
        <FormattedMessage id="undo.hold" />
      </Quiet>
    </Stack>
  );
}

const List = styled.ul`
  list-style: none;
  margin: 0;
  padding: 0;
  display: grid;
  gap: 4px;
  overflow-wrap: anywhere;
`;
