/** Making an exception for a customer: which, which tier, why, and until when. */
import { Field, Input, Select, Textarea } from "@zendeskgarden/react-forms";
import { type ReactNode, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { type Answer, call, type Input as Taken, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Stack } from "../parts/look.tsx";

type Wish = Taken<"post /overrides">["body"];
type Form = Pick<Wish, "kind" | "tier" | "reason" | "expires"> & { readonly starts: string };

const KINDS = ["pin", "floor", "cap"] as const;
const EMPTY: Form = { kind: "pin", tier: "", reason: "", starts: "", expires: "" };

/** The button and its form, for administrators; the service says what it does not accept. */
export function AddOverride({ accountId }: { readonly accountId: string }) {
  const session = useAnswer("get /session", {});
  const tiers = useAnswer("get /tiers", {});
  const [form, setForm] = useState<Form>(EMPTY);
  const choices = tiers.data?.tiers.map((one) => one.tier) ?? [];
  const filled = { ...form, tier: form.tier === "" ? (choices[0]?.id ?? "") : form.tier };
  if (session.data?.role !== "admin") return null;
  const add = async (): Promise<void> => {
    const starts = filled.starts === "" ? null : filled.starts;
    await call("post /overrides", { body: { ...filled, starts, accountId } });
    setForm(EMPTY);
  };
  return (
    <AskFirst
      label={<FormattedMessage id="override.add" />}
      title={<FormattedMessage id="override.add.ask" />}
      confirm={<FormattedMessage id="override.add.do" />}
      run={add}
    >
      <Fields form={filled} tiers={choices} onChange={setForm} />
    </AskFirst>
  );
}

interface FieldsProps {
  readonly form: Form;
  readonly tiers: readonly Answer<"get /tiers">["tiers"][number]["tier"][];
  readonly onChange: (form: Form) => void;
}

function Fields({ form, tiers, onChange }: FieldsProps) {
  const intl = useIntl();
  const set = (name: keyof Form) => (event: { readonly target: { readonly value: string } }) =>
    onChange({ ...form, [name]: event.target.value });
  return (
    <Stack $gap="sm">
      <Labelled id="override.kind">
        <Select isCompact value={form.kind} onChange={set("kind")}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {intl.formatMessage({ id: `override.${kind}` })}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled id="tickets.tier">
        <Select isCompact value={form.tier} onChange={set("tier")}>
          {tiers.map((tier) => (
            <option key={tier.id} value={tier.id}>
              {tier.name}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled id="override.reason">
        <Textarea isCompact rows={2} value={form.reason} onChange={set("reason")} />
      </Labelled>
      <Labelled id="override.starts">
        <Input isCompact type="date" value={form.starts} onChange={set("starts")} />
      </Labelled>
      <Labelled id="override.expires">
        <Input isCompact type="date" value={form.expires} onChange={set("expires")} />
      </Labelled>
    </Stack>
  );
}

function Labelled({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id={id} />
      </Field.Label>
      {children}
    </Field>
  );
}
