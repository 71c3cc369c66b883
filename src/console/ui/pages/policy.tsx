/** The policy: a draft that is checked while it is typed, what it would change, and the versions before it. */
import { FormattedMessage, useIntl } from "react-intl";
import { Route, Switch } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { Quiet, Stack } from "../parts/look.tsx";
import { PageHead, Shown } from "../parts/states.tsx";
import { SubNav } from "../parts/sub-nav.tsx";
import { Day } from "../parts/words.tsx";
import { Draft } from "./policy-draft.tsx";
import { Versions } from "./policy-versions.tsx";

/** The page. */
export function PolicyPage() {
  const intl = useIntl();
  const policy = useAnswer("get /policy", {});
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.policy" />}
        about={
          policy.data === undefined ? <FormattedMessage id="policy.about" /> : <Which policy={policy.data} />
        }
      />
      <SubNav
        label={intl.formatMessage({ id: "nav.policy" })}
        parts={[
          { path: "/", name: <FormattedMessage id="policy.tab.yaml" /> },
          { path: "/form", name: <FormattedMessage id="policy.tab.form" /> },
          { path: "/versions", name: <FormattedMessage id="policy.versions" /> },
        ]}
      />
      <Shown asked={policy} lines={14}>
        {(answer) => (
          <Switch>
            <Route path="/versions">
              <Versions policy={answer} />
            </Route>
            {/* One draft for both: what was changed in the text stands in the form, and the other way round. */}
            <Route path="/:as?">
              {({ as }) => <Draft key={answer.hash} policy={answer} as={as === "form" ? "form" : "yaml"} />}
            </Route>
          </Switch>
        )}
      </Shown>
    </Stack>
  );
}

function Which({ policy }: { readonly policy: Answer<"get /policy"> }) {
  const { inForce, effectiveFrom, version } = policy;
  return (
    <Quiet>
      {inForce || effectiveFrom === null ? (
        <FormattedMessage id="policy.inForce" values={{ version }} />
      ) : (
        <FormattedMessage id="policy.later" values={{ version, day: <Day on={effectiveFrom} /> }} />
      )}
    </Quiet>
  );
}
