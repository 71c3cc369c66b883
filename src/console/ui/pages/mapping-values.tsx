/** Values of the plan property: how many customers have each, and which tier it stands for; those without one first. */
import { Select } from "@zendeskgarden/react-forms";
import { FormattedMessage, useIntl } from "react-intl";
import { type Answer, useAnswer } from "../client.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { Panel, Quiet, Stack } from "../parts/look.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Ago, Pill, TierTag } from "../parts/words.tsx";
import { type Choices, type CrmFields, sourceOf } from "./mapping-choices.ts";

type Values = Answer<"get /crm/values">;
type Value = Values["values"][number];

interface ValuesProps {
  readonly crm: CrmFields;
  readonly choices: Choices;
  readonly choose: ((choices: Choices) => void) | null;
}

/** The panel; nothing where no property holds the plan. */
export function MappingValues({ crm, choices, choose }: ValuesProps) {
  const plan = crm.facts.find((fact) => fact.key === "plan");
  const property = plan === undefined ? null : sourceOf(plan, choices).property;
  const isKnown = crm.fields.some((field) => field.name === property);
  if (property === null || !isKnown) return null;
  return <Panel>{<Of property={property} crm={crm} choices={choices} choose={choose} />}</Panel>;
}

function Of({ property, crm, choices, choose }: ValuesProps & { readonly property: string }) {
  const intl = useIntl();
  const values = useAnswer("get /crm/values", { query: { property } });
  const title = intl.formatMessage({ id: "mapping.values" }, { property });
  return (
    <Stack $gap="sm">
      <h2>{title}</h2>
      <Shown asked={values} lines={5}>
        {(answer) =>
          answer.property !== property ? null : (
            <Stack $gap="sm">
              <About values={answer} />
              {answer.values.length === 0 ? (
                <Empty title={<FormattedMessage id="mapping.noValues" />} />
              ) : (
                <DataTable
                  label={title}
                  columns={columnsFor(crm, choices, choose)}
                  rows={answer.values}
                  idOf={(one) => one.value}
                  maxHeight={400}
                  minWidth={420}
                />
              )}
            </Stack>
          )
        }
      </Shown>
    </Stack>
  );
}

function About({ values }: { readonly values: Values }) {
  const unmapped = values.values.filter((one) => one.tier === null && one.accounts > 0).length;
  const { looked, total, blank, factsAt, more } = values;
  return (
    <Quiet>
      <FormattedMessage id="mapping.valuesAbout" values={{ looked, total, blank, unmapped }} />{" "}
      {more > 0 && <FormattedMessage id="mapping.valuesMore" values={{ more }} />}{" "}
      {factsAt !== null && <FormattedMessage id="mapping.read" values={{ ago: <Ago at={factsAt} /> }} />}
    </Quiet>
  );
}

function columnsFor(
  crm: CrmFields,
  choices: Choices,
  choose: ValuesProps["choose"],
): readonly Column<Value>[] {
  return [
    {
      id: "value",
      title: <FormattedMessage id="mapping.value" />,
      width: "minmax(140px, 2fr)",
      cell: (one) => <span title={one.value}>{one.value}</span>,
    },
    {
      id: "accounts",
      title: <FormattedMessage id="mapping.accounts" />,
      width: "110px",
      numeric: true,
      cell: (one) => one.accounts,
    },
    {
      id: "tier",
      title: <FormattedMessage id="mapping.tier" />,
      width: "minmax(170px, 1.4fr)",
      cell: (one) => <TierOf value={one} crm={crm} choices={choices} choose={choose} />,
    },
  ];
}

function TierOf({ value, crm, choices, choose }: ValuesProps & { readonly value: Value }) {
  const intl = useIntl();
  const chosen = choices.planMap[value.value] ?? value.tier?.id ?? "";
  if (choose === null)
    return value.tier === null ? (
      <Pill $hue="yellow">
        <FormattedMessage id="mapping.noTier" />
      </Pill>
    ) : (
      <TierTag tier={value.tier} />
    );
  const pick = (tier: string): void => {
    const { [value.value]: _before, ...others } = choices.planMap;
    const isSame = tier === "" || tier === value.tier?.id;
    choose({ ...choices, planMap: isSame ? others : { ...others, [value.value]: tier } });
  };
  return (
    <Select
      isCompact
      aria-label={intl.formatMessage({ id: "mapping.tierOf" }, { value: value.value })}
      value={chosen}
      onChange={(event) => pick(event.target.value)}
    >
      {value.tier === null && <option value="">{intl.formatMessage({ id: "mapping.noTier" })}</option>}
      {crm.tiers.map((tier) => (
        <option key={tier.id} value={tier.id}>
          {tier.name}
        </option>
      ))}
    </Select>
  );
}
