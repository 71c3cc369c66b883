/** What is taken from the CRM, what it holds there, and what another choice would do to real accounts. */
import { Notification } from "@zendeskgarden/react-notifications";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { type Answer, useAnswer } from "../client.ts";
import { Stack } from "../parts/look.tsx";
import { Empty, PageHead, Shown } from "../parts/states.tsx";
import { Ago, productName } from "../parts/words.tsx";
import { type Choices, type CrmFields, NOTHING } from "./mapping-choices.ts";
import { MappingEffect } from "./mapping-effect.tsx";
import { MappingFacts } from "./mapping-facts.tsx";
import { MappingFields } from "./mapping-fields.tsx";
import { MappingValues } from "./mapping-values.tsx";

/** The page. */
export function Mapping() {
  const fields = useAnswer("get /crm/fields", {});
  const policy = useAnswer("get /policy", {});
  const name = productName(fields.data?.source ?? "");
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.mapping" />}
        about={
          fields.data?.source == null ? (
            <FormattedMessage id="mapping.about" />
          ) : (
            <FormattedMessage id="mapping.aboutName" values={{ name }} />
          )
        }
      />
      <Shown asked={fields} lines={12}>
        {(crm) =>
          crm.source === null ? (
            <Empty title={<FormattedMessage id="overview.crmNone" />}>
              <FormattedMessage id="overview.crmNoneWhy" />
            </Empty>
          ) : (
            <Shown asked={policy} lines={12}>
              {(text) => <Chosen key={text.hash} crm={crm} policy={text} />}
            </Shown>
          )
        }
      </Shown>
    </Stack>
  );
}

interface ChosenProps {
  readonly crm: CrmFields;
  readonly policy: Answer<"get /policy">;
}

function Chosen({ crm, policy }: ChosenProps) {
  const session = useAnswer("get /session", {});
  const [choices, setChoices] = useState<Choices>(NOTHING);
  const isAdmin = session.data?.role === "admin";
  return (
    <Stack>
      {crm.trouble !== null && (
        <Notification type="warning">
          <Notification.Title>{crm.trouble.message}</Notification.Title>
          {crm.factsAt !== null && (
            <div>
              <FormattedMessage id="mapping.old" values={{ ago: <Ago at={crm.factsAt} /> }} />
            </div>
          )}
          <FormattedMessage id="fix" values={{ fix: crm.trouble.fix }} />
        </Notification>
      )}
      {session.data !== undefined && !isAdmin && (
        <Notification type="info">
          <FormattedMessage id="mapping.agents" />
        </Notification>
      )}
      <MappingFacts crm={crm} choices={choices} choose={isAdmin ? setChoices : null} />
      <MappingValues crm={crm} choices={choices} choose={isAdmin ? setChoices : null} />
      {isAdmin && <MappingEffect policy={policy} choices={choices} discard={() => setChoices(NOTHING)} />}
      <MappingFields crm={crm} />
    </Stack>
  );
}
