/** Is there a policy? If not, a first one from what the CRM and the help desk really have. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Textarea } from "@zendeskgarden/react-forms";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Link } from "wouter";
import { call } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { keepText } from "../parts/keep-text.ts";
import { Row, Stack } from "../parts/look.tsx";
import { Failed } from "../parts/states.tsx";
import { Told } from "../parts/told.tsx";
import type { StepBody } from "./set-up-answer.ts";

/** The policy as it is, and the way to one. */
export function PolicyStep({ setUp, isAdmin }: StepBody) {
  const { policy } = setUp;
  return (
    <Stack $gap="sm">
      <Standing setUp={setUp} />
      {policy.from === "nowhere" && isAdmin && <FirstPolicy setUp={setUp} />}
      <Row>
        <Link href="~/console/mapping">
          <FormattedMessage id="setup.policy.mapping" />
        </Link>
        <Link href="~/console/policy">
          <FormattedMessage id="setup.policy.edit" />
        </Link>
      </Row>
    </Stack>
  );
}

function Standing({ setUp: { policy } }: Pick<StepBody, "setUp">) {
  const { version, from, file, tiers, errors, warnings, restartNeeded } = policy;
  if (from === "nowhere")
    return (
      <Told state="warn">
        <FormattedMessage id="setup.policy.none" />
      </Told>
    );
  return (
    <>
      <Told state={errors > 0 ? "fail" : "ok"}>
        <FormattedMessage
          id={file === null ? "setup.policy.is" : "setup.policy.isFile"}
          values={{ version, file, tiers: tiers.join(", ") }}
        />{" "}
        <FormattedMessage id="policy.findings" values={{ errors, warnings }} />
      </Told>
      {restartNeeded.length > 0 && (
        <Told state="warn">
          <FormattedMessage id="policy.restart" values={{ sections: restartNeeded.join(", ") }} />
        </Told>
      )}
    </>
  );
}

/** Made from real names, changed by hand, then published, or downloaded where a file is the truth. */
function FirstPolicy({ setUp: { policy } }: Pick<StepBody, "setUp">) {
  const [yaml, setYaml] = useState<string | null>(null);
  const made = useMutation({
    mutationFn: () => call("get /setup/first-policy", {}),
    onSuccess: (answer) => setYaml(answer.yaml),
  });
  return (
    <Stack $gap="sm">
      {made.error !== null && <Failed error={made.error} />}
      {yaml === null ? (
        <div>
          <Button isPrimary size="small" disabled={made.isPending} onClick={() => made.mutate()}>
            <FormattedMessage id={made.isPending ? "setup.policy.making" : "setup.policy.make"} />
          </Button>
        </div>
      ) : (
        <>
          <Field>
            <Field.Label>
              <FormattedMessage id="setup.policy.first" />
            </Field.Label>
            <Text
              rows={18}
              wrap="off"
              spellCheck={false}
              value={yaml}
              onChange={(event) => setYaml(event.currentTarget.value)}
            />
          </Field>
          <Row>
            {policy.file === null && (
              <AskFirst
                label={<FormattedMessage id="policy.publish" />}
                title={<FormattedMessage id="policy.publish.ask" />}
                isPrimary
                run={() => call("post /policy/publish", { body: { yaml, base: policy.version } })}
              >
                <FormattedMessage id="setup.policy.publishMeans" />
              </AskFirst>
            )}
            <Button size="small" isBasic onClick={() => keepText(yaml, "policy.yaml")}>
              <FormattedMessage id="policy.download" />
            </Button>
          </Row>
        </>
      )}
    </Stack>
  );
}

const Text = styled(Textarea)`
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
`;
