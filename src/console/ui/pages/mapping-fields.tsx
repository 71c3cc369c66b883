/** Every property of the CRM, to look for the right one: type, how often it is filled, samples, cautions. */
import { useQueries } from "@tanstack/react-query";
import { Field, Input } from "@zendeskgarden/react-forms";
import { useDeferredValue, useState } from "react";
import { FormattedMessage, FormattedNumber, useIntl } from "react-intl";
import styled from "styled-components";
import { type Answer, call, keyOf } from "../client.ts";
import { Clamp, type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Panel, Quiet, Stack } from "../parts/look.tsx";
import { Empty } from "../parts/states.tsx";
import { Dash } from "../parts/words.tsx";
import type { CrmField, CrmFields } from "./mapping-choices.ts";

type Sample = Answer<"get /crm/samples">["samples"][number];
type FieldRow = CrmField & { readonly sample: Sample | undefined; readonly usedFor: string };

/** Samples are asked for as many at once, and shown as many more at the end of the list. */
const PAGE = 50;
const FRESH_MS = 10 * 60_000;

/** The list; those in use first. */
export function MappingFields({ crm }: { readonly crm: CrmFields }) {
  const intl = useIntl();
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(PAGE);
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const found = inOrder(crm.fields).filter(
    ({ name, label }) => name.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted),
  );
  const samples = useSamples(found.slice(0, shown).map((one) => one.name));
  const rows = found.slice(0, shown).map(
    (field): FieldRow => ({
      ...field,
      sample: samples.get(field.name),
      usedFor: field.mappedTo.map((key) => intl.formatMessage({ id: `mapping.fact.${key}` })).join(", "),
    }),
  );
  const title = intl.formatMessage({ id: "mapping.fields" });
  return (
    <Panel>
      <Stack $gap="sm">
        <Head>
          <h2>
            {title} <Quiet>{intl.formatNumber(crm.fields.length)}</Quiet>
          </h2>
          <Field>
            <Field.Label>
              <FormattedMessage id="mapping.search" />
            </Field.Label>
            <Input
              isCompact
              type="search"
              value={search}
              onChange={(event) => {
                setSearch(event.target.value);
                setShown(PAGE);
              }}
            />
          </Field>
        </Head>
        {rows.length === 0 ? (
          <Empty title={<FormattedMessage id="mapping.noField" />} />
        ) : (
          <DataTable
            label={title}
            columns={COLUMNS}
            rows={rows}
            idOf={(one) => one.name}
            rowHeight={64}
            onEnd={() => setShown((before) => Math.min(Math.max(before, rows.length + PAGE), found.length))}
          />
        )}
      </Stack>
    </Panel>
  );
}

function inOrder(fields: readonly CrmField[]): readonly CrmField[] {
  return [
    ...fields.filter((one) => one.mappedTo.length > 0),
    ...fields.filter((one) => one.mappedTo.length === 0),
  ];
}

/** In portions that stay the same while more are shown. */
function useSamples(all: readonly string[]): ReadonlyMap<string, Sample> {
  const names = all.filter((name) => !name.includes(","));
  const portions = Array.from({ length: Math.ceil(names.length / PAGE) }, (_, at) =>
    names.slice(at * PAGE, (at + 1) * PAGE).join(","),
  );
  const answers = useQueries({
    queries: portions.map((fields) => ({
      queryKey: keyOf("get /crm/samples", { query: { fields } }),
      queryFn: () => call("get /crm/samples", { query: { fields } }),
      staleTime: FRESH_MS,
      retry: false,
    })),
  });
  return new Map(answers.flatMap(({ data }) => (data?.samples ?? []).map((one) => [one.name, one] as const)));
}

const COLUMNS: readonly Column<FieldRow>[] = [
  {
    id: "field",
    title: <FormattedMessage id="mapping.property" />,
    width: "minmax(180px, 1.3fr)",
    cell: (one) => <Two first={one.label} second={one.name} />,
  },
  {
    id: "type",
    title: <FormattedMessage id="mapping.type" />,
    width: "110px",
    cell: (one) => one.type,
  },
  {
    id: "filled",
    title: <FormattedMessage id="mapping.share" />,
    width: "80px",
    numeric: true,
    cell: ({ sample }) =>
      sample === undefined || sample.coverage === null ? (
        <Dash />
      ) : (
        <FormattedNumber value={sample.coverage / 100} style="percent" />
      ),
  },
  {
    id: "samples",
    title: <FormattedMessage id="mapping.samples" />,
    width: "minmax(180px, 1.6fr)",
    cell: ({ sample }) => {
      const words = sample?.samples.join(" · ") ?? "";
      return words === "" ? <Dash /> : <Clamp title={words}>{words}</Clamp>;
    },
  },
  {
    id: "used",
    title: <FormattedMessage id="mapping.used" />,
    width: "minmax(120px, 0.9fr)",
    cell: (one) => (one.usedFor === "" ? <Dash /> : <Clamp title={one.usedFor}>{one.usedFor}</Clamp>),
  },
  {
    id: "caution",
    title: <FormattedMessage id="mapping.caution" />,
    width: "minmax(160px, 1.4fr)",
    cell: ({ caution }) => (caution === null ? <Dash /> : <Clamp title={caution}>{caution}</Clamp>),
  },
];

const Head = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  justify-content: space-between;
  gap: ${({ theme }) => theme.space.sm};
`;
