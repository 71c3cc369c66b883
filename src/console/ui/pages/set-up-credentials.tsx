/** Which settings are there, which are missing, which are refused; where each is found. Never their values. */
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Quiet, Stack } from "../parts/look.tsx";
import type { State } from "../parts/state-dot.tsx";
import { Told } from "../parts/told.tsx";
import type { SetUpAnswer, StepBody } from "./set-up-answer.ts";

type Setting = SetUpAnswer["settings"][number];

/** What must be done first, then what is there, then what may be set besides. */
export function CredentialsStep({ setUp }: StepBody) {
  const { settings } = setUp;
  const open = settings.filter((one) => one.state === "refused" || (one.needed && one.state === "missing"));
  const there = settings.filter((one) => one.state === "set");
  const optional = settings.filter((one) => one.state === "missing" && !one.needed);
  return (
    <Stack $gap="sm">
      <p>
        <FormattedMessage id="setup.credentials.how" values={{ code: (text) => <code>{text}</code> }} />
      </p>
      {open.map((one) => (
        <SettingLine key={one.name} setting={one} />
      ))}
      {there
        .filter((one) => one.needed)
        .map((one) => (
          <SettingLine key={one.name} setting={one} />
        ))}
      <Besides>
        <summary>
          <FormattedMessage
            id="setup.credentials.besides"
            values={{ count: optional.length + there.filter((one) => !one.needed).length }}
          />
        </summary>
        <Stack $gap="xs">
          {[...there.filter((one) => !one.needed), ...optional].map((one) => (
            <SettingLine key={one.name} setting={one} />
          ))}
        </Stack>
      </Besides>
    </Stack>
  );
}

function SettingLine({ setting }: { readonly setting: Setting }) {
  const { name, about, state, needed, isSecret, why, fix } = setting;
  const dot: State = state === "set" ? "ok" : state === "refused" ? "fail" : needed ? "warn" : "unknown";
  return (
    <Told state={dot} fix={fix}>
      <code>{name}</code>{" "}
      <strong>
        <FormattedMessage id={`setup.setting.${state}`} />
      </strong>
      {why !== null && <div>{why}</div>}
      <div>
        <Quiet>
          {about.replaceAll("`", "")}.{" "}
          {isSecret && state !== "set" && (
            <FormattedMessage
              id="setup.setting.file"
              values={{ file: `${name}_FILE`, code: (text) => <code>{text}</code> }}
            />
          )}
        </Quiet>
      </div>
    </Told>
  );
}

const Besides = styled.details`
  & > summary {
    cursor: pointer;
  }
  & > div {
    margin-top: ${({ theme }) => theme.space.sm};
  }
`;
