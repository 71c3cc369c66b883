/** What an agent can do beside a ticket: escalate it, and say that the tier looks wrong. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Textarea } from "@zendeskgarden/react-forms";
import { type FormEvent, useState } from "react";
import { FormattedMessage } from "react-intl";
import { type Answer, type CallFailed, call } from "./client.ts";
import { Row, Stack } from "./parts/look.tsx";
import { Failed } from "./parts/states.tsx";
import { Note } from "./sidebar-parts.tsx";
import type { DeskFrame } from "./zaf.ts";

const NOTE_MIN = 3;
const NOTE_MAX = 2_000;

/** What the macro does, and whether it was done in the editor. */
interface Escalated {
  readonly title: string;
  readonly done: boolean;
}

/** Does in the ticket's editor what the macro does; the agent fills it in and submits. false = the frame refused. */
async function fillIn(frame: DeskFrame, macro: Answer<"post /tickets/{id}/escalate">): Promise<boolean> {
  try {
    // First the kind of comment: a note must never stand in a public reply.
    await frame.set("comment.type", "internalNote");
    await frame.invoke("comment.appendText", macro.note);
    await frame.invoke("ticket.tags.add", macro.tags);
    return true;
  } catch {
    return false;
  }
}

/** The two buttons and what came of them. */
export function TicketActions({ frame, ticketId }: { readonly frame: DeskFrame; readonly ticketId: string }) {
  const [isDoubting, setDoubting] = useState(false);
  const escalate = useMutation<Escalated, CallFailed>({
    mutationFn: async () => {
      const macro = await call("post /tickets/{id}/escalate", { params: { id: ticketId } });
      return { title: macro.title, done: await fillIn(frame, macro) };
    },
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
          <Note>
            <FormattedMessage
              id={escalate.data.done ? "sidebar.filledIn" : "sidebar.applyMacro"}
              values={{ title: escalate.data.title, b: (words) => <strong>{words}</strong> }}
            />
          </Note>
        )}
        {report.isSuccess && (
          <Note>
            <FormattedMessage id="sidebar.filed" />
          </Note>
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
