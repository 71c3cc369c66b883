/** The tiers of the draft as a form: what is changed here is written into the text at once. */
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "../client.ts";
import { Panel, Quiet, Stack } from "../parts/look.tsx";
import { Empty, Failed, Shown } from "../parts/states.tsx";
import {
  type Finding,
  type FormChange,
  type FormField,
  type FormTier,
  useForm,
  useFormChange,
} from "./policy-drafted.ts";
import { FieldFindings, TierField } from "./policy-form-field.tsx";

interface TiersProps {
  readonly yaml: string;
  readonly change: (yaml: string) => void;
  readonly findings: readonly Finding[];
}

/** Every tier; agents only read. */
export function TiersForm({ yaml, change, findings }: TiersProps) {
  const session = useAnswer("get /session", {});
  const form = useForm(yaml);
  const write = useFormChange(yaml, change);
  const isAdmin = session.data?.role === "admin";
  return (
    <Stack $gap="sm">
      <Quiet>
        <FormattedMessage id={isAdmin ? "policy.form.about" : "policy.form.agents"} />
      </Quiet>
      {write.error !== null && <Failed error={write.error} />}
      <Shown asked={form} lines={12}>
        {({ tiers }) =>
          tiers === null ? (
            <Empty title={<FormattedMessage id="policy.form.unreadable" />}>
              <FormattedMessage id="policy.form.unreadableFix" />
            </Empty>
          ) : (
            <Stack>
              {tiers.map((tier, at) => (
                <Tier
                  key={tier.path}
                  tier={tier}
                  findings={findings}
                  set={isAdmin ? (wish) => write.mutateAsync({ tier: at, ...wish }) : null}
                />
              ))}
            </Stack>
          )
        }
      </Shown>
    </Stack>
  );
}

interface TierProps {
  readonly tier: FormTier;
  readonly findings: readonly Finding[];
  readonly set: ((wish: Omit<FormChange, "tier">) => Promise<void>) | null;
}

type Group = readonly [id: string, keys: readonly FormField["key"][]];
const GROUPS: readonly Group[] = [
  ["eligibility", ["plans", "addons", "arr_enter", "arr_exit"]],
  ["priority", ["priority_default", "priority_floor", "priority_ceiling"]],
  ["routing", ["group", "sla_policy", "after_hours_priorities", "after_hours_group"]],
];

function Tier({ tier, findings, set }: TierProps) {
  const own = findings.filter((one) => isAt(one.path, tier.path));
  const ofField = (field: FormField): readonly Finding[] =>
    own.filter((one) => field.paths.some((path) => isAt(one.path, path)));
  const rest = own.filter((one) => !tier.fields.some((field) => ofField(field).includes(one)));
  const shown = (keys: readonly FormField["key"][]) =>
    tier.fields
      .filter((field) => keys.includes(field.key))
      .map((field) => (
        <TierField
          key={field.key}
          field={field}
          findings={ofField(field)}
          set={set === null ? null : (value) => set({ key: field.key, value: [...value] })}
        />
      ));
  return (
    <Panel aria-label={tier.name}>
      <Stack $gap="sm">
        <h2>
          {tier.name} <Quiet>{tier.id}</Quiet>
        </h2>
        <FieldFindings findings={rest} />
        <Fields>{shown(["name"])}</Fields>
        {GROUPS.map(([id, keys]) => (
          <Part key={id}>
            <legend>
              <FormattedMessage id={`policy.form.group.${id}`} />
            </legend>
            <Fields>{shown(keys)}</Fields>
          </Part>
        ))}
      </Stack>
    </Panel>
  );
}

/** The finding is about what stands at the path, or below. */
function isAt(finding: string, path: string): boolean {
  return finding === path || finding.startsWith(`${path}.`) || finding.startsWith(`${path}[`);
}

const Part = styled.fieldset`
  border: 0;
  margin: 0;
  padding: 0;
  min-width: 0;
  legend {
    padding: 0 0 8px;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`;

const Fields = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.space.sm};
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr));
  align-items: start;
`;
