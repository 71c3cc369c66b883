/** The facts of the policy, each with the property it is taken from, what stands there, and what to be careful about. */
import { Field, Input } from "@zendeskgarden/react-forms";
import { useId, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { type Answer, useAnswer } from "../client.ts";
import { Panel, Quiet, Stack } from "../parts/look.tsx";
import { Told } from "../parts/told.tsx";
import {
  type Choices,
  type CrmFact,
  type CrmField,
  type CrmFields,
  namesIn,
  type Source,
  sourceOf,
  withFact,
} from "./mapping-choices.ts";

type Sample = Answer<"get /crm/samples">["samples"][number];

interface FactsProps {
  readonly crm: CrmFields;
  readonly choices: Choices;
  /** null = the reader only looks. */
  readonly choose: ((choices: Choices) => void) | null;
}

/** All facts. The properties to choose from are offered as one types; there may be a thousand. */
export function MappingFacts({ crm, choices, choose }: FactsProps) {
  const id = useId();
  const names = namesIn(crm.facts, choices).filter((name) => !name.includes(","));
  const fields = names.slice(0, 50).join(",");
  const samples = useAnswer("get /crm/samples", { query: { fields } }, { enabled: fields !== "" });
  const [properties, currencies] = [`${id}properties`, `${id}currencies`];
  const codes = [...new Set([crm.baseCurrency, "USD", "EUR", "GBP", "JPY"])];
  return (
    <Panel>
      <Stack $gap="sm">
        <h2>
          <FormattedMessage id="mapping.facts" />
        </h2>
        <datalist id={properties}>
          {crm.fields.map((field) => (
            <option key={field.name} value={field.name}>
              {field.label}
            </option>
          ))}
        </datalist>
        <datalist id={currencies}>
          {codes.map((code) => (
            <option key={code} value={code} />
          ))}
        </datalist>
        {crm.facts.map((fact) => (
          <FactRow
            key={fact.key}
            fact={fact}
            source={sourceOf(fact, choices)}
            isChosen={fact.key in choices.facts}
            fields={crm.fields}
            samples={samples.data?.samples ?? []}
            lists={{ properties, currencies }}
            choose={choose === null ? null : (source) => choose(withFact(choices, fact, source))}
          />
        ))}
      </Stack>
    </Panel>
  );
}

interface RowProps {
  readonly fact: CrmFact;
  readonly source: Source;
  readonly isChosen: boolean;
  readonly fields: readonly CrmField[];
  readonly samples: readonly Sample[];
  readonly lists: { readonly properties: string; readonly currencies: string };
  readonly choose: ((source: Source) => void) | null;
}

function FactRow({ fact, source, isChosen, fields, samples, lists, choose }: RowProps) {
  const intl = useIntl();
  const name = intl.formatMessage({ id: `mapping.fact.${fact.key}` });
  const shown = source.currencyProperty ?? source.currency ?? "";
  const currency = (text: string): Source => {
    const isCode = /^[A-Za-z]{3}$/.test(text) && !fields.some((one) => one.name === text);
    return {
      property: source.property,
      currency: isCode ? text.toUpperCase() : null,
      currencyProperty: isCode || text === "" ? null : text,
    };
  };
  return (
    <Line>
      <Stack $gap="xs">
        {fact.fromOtherRecords ? (
          <>
            <strong>{name}</strong>
            <div>
              <FormattedMessage id="mapping.otherRecords" />
            </div>
          </>
        ) : (
          <Chooser
            label={name}
            hint={isChosen ? intl.formatMessage({ id: "mapping.was" }, { was: fact.property ?? "–" }) : null}
            value={source.property ?? ""}
            list={lists.properties}
            choose={
              choose === null ? null : (text) => choose({ ...source, property: text === "" ? null : text })
            }
          />
        )}
        {fact.kind === "money" && source.property !== null && (
          <Chooser
            label={intl.formatMessage({ id: "mapping.currency" })}
            hint={null}
            value={shown}
            list={lists.currencies}
            choose={choose === null ? null : (text) => choose(currency(text))}
          />
        )}
      </Stack>
      <Stack $gap="xs">
        {(source.property ?? "")
          .split(",")
          .map((one) => one.trim())
          .filter((one) => one !== "")
          .map((one) => (
            <Holds key={one} name={one} fact={fact} fields={fields} samples={samples} />
          ))}
      </Stack>
    </Line>
  );
}

interface ChooserProps {
  readonly label: string;
  readonly hint: string | null;
  readonly value: string;
  readonly list: string;
  readonly choose: ((text: string) => void) | null;
}

/** What is typed counts when the field is left, on Enter, or when it is one of those offered. */
function Chooser({ label, hint, value, list, choose }: ChooserProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const done = (text: string): void => {
    setTyped(null);
    if (text.trim() !== value) choose?.(text.trim());
  };
  return (
    <Field>
      <Field.Label>{label}</Field.Label>
      {hint !== null && <Field.Hint>{hint}</Field.Hint>}
      <Input
        isCompact
        list={list}
        autoComplete="off"
        spellCheck={false}
        readOnly={choose === null}
        value={typed ?? value}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          const text = event.currentTarget.value;
          // Taken from the list at once; typed letter by letter only when the field is left.
          const isOffered =
            !("inputType" in event.nativeEvent) || event.nativeEvent.inputType === "insertReplacementText";
          if (isOffered) done(text);
          else setTyped(text);
        }}
        onBlur={(event) => done(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && done(event.currentTarget.value)}
      />
    </Field>
  );
}

/** Below this share a fact is missing for most customers. */
const LOW = 50;

/** What the property holds, and why one should be careful. */
function Holds({
  name,
  fact,
  fields,
  samples,
}: Pick<RowProps, "fact" | "fields" | "samples"> & { readonly name: string }) {
  const field = fields.find((one) => one.name === name);
  const sample = samples.find((one) => one.name === name);
  if (field === undefined)
    return fields.length === 0 ? null : (
      <Told state={fact.kind === "label" ? "ok" : "fail"}>
        <FormattedMessage
          id={fact.kind === "label" ? "mapping.labelNew" : "mapping.unknown"}
          values={{ name }}
        />
      </Told>
    );
  const coverage = sample?.coverage ?? null;
  return (
    <Stack $gap="xs">
      <div>
        {field.label} <Quiet>{field.type}</Quiet>
      </div>
      {coverage !== null && sample !== undefined && fact.kind !== "label" && (
        <Quiet>
          <FormattedMessage
            id="mapping.filled"
            values={{
              share: coverage / 100,
              looked: sample.looked,
              values: sample.samples.slice(0, 3).join(" · ") || "empty",
            }}
          />
        </Quiet>
      )}
      {(fact.kind === "money" || fact.kind === "date") && field.type === "string" && (
        <Told state="warn">
          <FormattedMessage id={fact.kind === "money" ? "mapping.textForNumber" : "mapping.textForDate"} />
        </Told>
      )}
      {coverage !== null && coverage < LOW && ["plan", "arr", "contract_end", "owner"].includes(fact.key) && (
        <Told state="warn">
          <FormattedMessage id="mapping.low" values={{ share: coverage / 100 }} />
        </Told>
      )}
      {field.caution !== null && <Told state="warn">{field.caution}</Told>}
    </Stack>
  );
}

const Line = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.space.md};
  grid-template-columns: minmax(220px, 1fr) minmax(0, 1.6fr);
  align-items: start;
  overflow-wrap: anywhere;
  & + & {
    padding-top: ${({ theme }) => theme.space.sm};
  }
  @media (max-width: 700px) {
    grid-template-columns: minmax(0, 1fr);
  }
`;
