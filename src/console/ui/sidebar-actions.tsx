/** What an agent can do beside a ticket: ask which macro escalates it, and say that the tier looks wrong. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Textarea } from "@zendeskgarden/react-forms";
import { Well } from "@zendeskgarden/react-notifications";
import { type FormEvent, useState } from "react";
import { FormattedMessage } from "react-intl";
import { type CallFailed, call } from "./client.ts";
import { Row, Stack } from "./parts/look.tsx";
import { Failed } from "./parts/states.tsx";

const NOTE_MIN = 3;
const NOTE_MAX = 2_000;

/** The two buttons and what came of them. */
export function TicketActions({ ticketId }: { readonly ticketId: string }) {
  const [isDoubting, setDoubting] = useState(false);
  const escalate = useMutation<{ readonly title: string }, CallFailed>({
    mutationFn: () => call("post /tickets/{id}/escalate", { params: { id: ticketId } }),
  });
  const report = useMutation<unknown, CallFailed, string>({
    mutationFn: (note) => call("post /reports", { body: { ticketId, note } }),
    onSuccess: () => setDoubting(false),
  });
  return (
    <Stack $gap="xs">
      <Row>
        <Button size="small" disabled={escalate.isPending} onClick={() => escalate.mutate()}>
          <FormattedMessage id="sidebar.escalate" />
        </Button>
        <Button
          size="small"
          aria-expanded={isDoubting}
          onClick={() => {
            report.reset();
            setDoubting(!isDoubting);
          }}
        >
          <FormattedMessage id="sidebar.wrong" />
        </Button>
      </Row>
      <div role="status">
        {escalate.data !== undefined && (
          <Well isRecessed>
            <FormattedMessage
              id="sidebar.applyMacro"
              values={{ title: escalate.data.title, b: (words) => <strong>{words}</strong> }}
            />
          </Well>
        )}
        {report.isSuccess && (
          <Well isRecessed>
            <FormattedMessage id="sidebar.filed" />
          </Well>
        )}
      </div>
      {escalate.error !== null && <Failed error={escalate.error} />}
      {isDoubting && <Doubt busy={report.isPending} send={report.mutate} />}
      {report.error !== null && <Failed error={report.error} />}
    </Stack>
  );
}

function Doubt({ busy, send }: { readonly busy: boolean; readonly send: (note: string) => void }) {
  const [note, setNote] = useState("");
  const isLongEnough = note.trim().length >= NOTE_MIN;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isLongEnough) send(note.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack $gap="xs">
        <Field>
          <Field.Label>
            <FormattedMessage id="sidebar.note" />
          </Field.Label>
          <Textarea
            isCompact
            rows={3}
            maxLength={NOTE_MAX}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        <Row>
          <Button type="submit" size="small" isPrimary disabled={busy || !isLongEnough}>
            <FormattedMessage id="sidebar.send" />
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
