/** Accepting or refusing what the brake holds, by whoever is signed in. */
import { FormattedMessage } from "react-intl";
import { type Answer, call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Quiet, Row } from "../parts/look.tsx";

/** What was decided. */
export type Decided = Answer<"post /guard/{runId}/approve">;

interface DecideProps {
  readonly run: { readonly runId: string; readonly records: number };
  readonly onDecided: (decided: Decided) => void;
}

/** The two buttons, each of which asks; agents are told who decides. */
export function Decide({ run: { runId, records }, onDecided }: DecideProps) {
  const session = useAnswer("get /session", {});
  if (session.data?.role !== "admin")
    return (
      <Quiet>
        <FormattedMessage id="held.admins" />
      </Quiet>
    );
  const input = { params: { runId } };
  return (
    <Row>
      <AskFirst
        label={<FormattedMessage id="held.approve" />}
        title={<FormattedMessage id="held.approve.ask" values={{ records }} />}
        isDanger
        run={() => call("post /guard/{runId}/approve", input).then(onDecided)}
      >
        <FormattedMessage id="held.approve.means" />
      </AskFirst>
      <AskFirst
        label={<FormattedMessage id="held.reject" />}
        title={<FormattedMessage id="held.reject.ask" values={{ records }} />}
        run={() => call("post /guard/{runId}/reject", input).then(onDecided)}
      >
        <FormattedMessage id="held.reject.means" />
      </AskFirst>
    </Row>
  );
}
