/** "What if the door stood elsewhere?": a tier and an ARR, tried on paper before anybody is let in. */
import { Button } from "@zendeskgarden/react-buttons";
import { Field, Input, Select } from "@zendeskgarden/react-forms";
import { type FormEvent, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "../client.ts";

interface WhatIfProps {
  /** `TIER=ARR`; left out = no door is moved. */
  readonly enter: string | undefined;
  readonly onChange: (enter: string | undefined) => void;
}

/** The fields; nothing is written anywhere. */
export function WhatIf({ enter, onChange }: WhatIfProps) {
  const intl = useIntl();
  const tiers = useAnswer("get /tiers", {});
  const [tier, setTier] = useState(enter?.split("=")[0] ?? "");
  const [amount, setAmount] = useState(enter?.split("=")[1] ?? "");
  // The lowest tier has no door.
  const doors = tiers.data?.tiers.filter((one) => one.tier.rank !== 0) ?? [];
  const chosen = tier === "" ? (doors[0]?.tier.id ?? "") : tier;
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen !== "" && amount !== "") onChange(`${chosen}=${amount}`);
  };
  return (
    <Bar onSubmit={ask} aria-label={intl.formatMessage({ id: "whatIf.title" })}>
      <Field>
        <Field.Label>
          <FormattedMessage id="whatIf.tier" />
        </Field.Label>
        <Select isCompact value={chosen} onChange={(event) => setTier(event.target.value)}>
          {doors.map((one) => (
            <option key={one.tier.id} value={one.tier.id}>
              {one.tier.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field>
        <Field.Label>
          <FormattedMessage id="whatIf.amount" />
        </Field.Label>
        <Input
          isCompact
          type="number"
          min={0}
          step="any"
          required
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      </Field>
      <Button size="small" type="submit">
        <FormattedMessage id="whatIf.try" />
      </Button>
      {enter !== undefined && (
        <Button size="small" isBasic onClick={() => onChange(undefined)}>
          <FormattedMessage id="whatIf.back" />
        </Button>
      )}
    </Bar>
  );
}

const Bar = styled.form`
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  gap: ${({ theme }) => theme.space.sm};
`;
