/** One field of a tier: its value, the schema's help, and what the linter says of it. */
import { Checkbox, Field, Fieldset, Input, Select } from "@zendeskgarden/react-forms";
import { useId, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import type { Finding, FormField } from "./policy-drafted.ts";

interface FieldProps {
  readonly field: FormField;
  readonly findings: readonly Finding[];
  /** null = only to be read. */
  readonly set: ((value: readonly string[]) => Promise<void>) | null;
}

/** The field by its kind. */
export function TierField(props: FieldProps) {
  if (props.field.kind === "choices") return <Choices {...props} />;
  const { field, findings } = props;
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id={`policy.field.${field.key}`} />
      </Field.Label>
      <Field.Hint>
        <Quiet>{field.help}</Quiet>
      </Field.Hint>
      {field.kind === "choice" ? <Choice {...props} /> : <Typed {...props} />}
      {findings.length > 0 && (
        <Field.Message {...validation(findings)} role="status">
          {findings.map((one) => (
            <div key={`${one.code}${one.path}${one.message}`}>
              {one.message}. {one.fix}
            </div>
          ))}
        </Field.Message>
      )}
    </Field>
  );
}

/** Findings below each other; nothing where there are none. */
export function FieldFindings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <Told $gap="xs" role="status">
      {findings.map((one) => (
        <div key={`${one.code}${one.path}${one.message}`}>
          <StateDot state={one.severity === "error" ? "fail" : "warn"} word={false} /> {one.message}{" "}
          <Quiet>{one.fix}</Quiet>
        </div>
      ))}
    </Told>
  );
}

function validation(findings: readonly Finding[]) {
  const [first] = findings;
  if (first === undefined) return {};
  const isBroken = findings.some((one) => one.severity === "error");
  return { validation: isBroken ? ("error" as const) : ("warning" as const) };
}

/** Written when it is left, or by Enter; Escape puts back what stood there. */
function Typed({ field, findings, set }: FieldProps) {
  const list = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const before = field.value[0] ?? "";
  const commit = async (): Promise<void> => {
    if (set === null || typed === null) return;
    if (typed.trim() !== before) await set(typed.trim() === "" ? [] : [typed.trim()]).catch(() => undefined);
    setTyped((now) => (now === typed ? null : now));
  };
  return (
    <>
      <Input
        isCompact
        {...validation(findings)}
        value={typed ?? before}
        placeholder={field.usual ?? ""}
        inputMode={field.kind === "amount" ? "decimal" : "text"}
        list={field.options.length > 0 ? list : undefined}
        disabled={set === null}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      {field.options.length > 0 && (
        <datalist id={list}>
          {field.options.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

function Choice({ field, findings, set }: FieldProps) {
  const intl = useIntl();
  const { options, usual } = field;
  const [value = ""] = field.value;
  return (
    <Select
      isCompact
      {...validation(findings)}
      value={value}
      disabled={set === null}
      onChange={(event) =>
        set?.(event.target.value === "" ? [] : [event.target.value]).catch(() => undefined)
      }
    >
      <option value="">
        {usual === null
          ? intl.formatMessage({ id: "policy.form.notWritten" })
          : intl.formatMessage({ id: "policy.form.usual" }, { usual })}
      </option>
      {[...new Set([...options, ...field.value])].map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Select>
  );
}

function Choices({ field, findings, set }: FieldProps) {
  const chosen = new Set(field.value);
  const toggle = (one: string): void => {
    const wanted = field.options.filter((option) => (option === one) !== chosen.has(option));
    set?.(wanted).catch(() => undefined);
  };
  return (
    <Fieldset isCompact>
      <Fieldset.Legend>
        <FormattedMessage id={`policy.field.${field.key}`} />
      </Fieldset.Legend>
      <Quiet>{field.help}</Quiet>
      <Row>
        {field.options.map((one) => (
          <Field key={one}>
            <Checkbox
              isCompact
              checked={chosen.has(one)}
              disabled={set === null}
              onChange={() => toggle(one)}
            >
              <Field.Label>{one}</Field.Label>
            </Checkbox>
          </Field>
        ))}
      </Row>
      <FieldFindings findings={findings} />
    </Fieldset>
  );
}

/** A field of Garden's sets no size for text of its own. */
const Told = styled(Stack)`
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: ${({ theme }) => theme.lineHeights.sm};
`;
