/** What the brake holds: the first thing to see, with the accounts one click away and the decision beside it. */
import { Notification } from "@zendeskgarden/react-notifications";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { Quiet, Stack } from "../parts/look.tsx";
import { Ago } from "../parts/words.tsx";
import { Decide, type Decided } from "./held-decide.tsx";

/** One alert for each run, and what became of the one that was decided last. */
export function HeldAlerts({ guard }: Pick<Answer<"get /overview">, "guard">) {
  const [decided, setDecided] = useState<Decided | null>(null);
  return (
    <>
      {decided !== null && (
        <Notification type="success" role="status">
          <FormattedMessage id={`held.${decided.decided}`} values={{ records: decided.records }} />
        </Notification>
      )}
      {guard.map((run) => (
        <Notification key={run.runId} type="warning">
          <Notification.Title>
            <FormattedMessage id="overview.held" values={{ records: run.records }} />
          </Notification.Title>
          <Stack $gap="xs">
            <div>
              {run.reason}{" "}
              <Quiet>
                <Ago at={run.heldSince} />
              </Quiet>{" "}
              <Link href="/customers/held">
                <FormattedMessage id="overview.decideHeld" />
              </Link>
            </div>
            <Decide run={run} onDecided={setDecided} />
          </Stack>
        </Notification>
      ))}
    </>
  );
}
