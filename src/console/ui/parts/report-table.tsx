/** A report's table: as the browser sets it while it can be read in one piece, and drawn row by row where it is long. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { Empty } from "./states.tsx";
import { type Cell, ToneText } from "./tone.tsx";

type Table = Answer<"get /reports/{name}/shown">["parts"][number]["table"];

/** A browser sets so many rows at once without anybody noticing. */
const MOST_AT_ONCE = 200;

/** The table, or the sentence that stands for an empty one. */
export function ReportTable({ table, label }: { readonly table: Table; readonly label: string }) {
  if (table.rows.length === 0) return <Empty title={table.empty} />;
  if (table.rows.length > MOST_AT_ONCE) return <LongTable table={table} label={label} />;
  const isFigure = (i: number): boolean => table.figures.includes(i);
  return (
    <Sideways role="region" aria-label={label} tabIndex={0}>
      <Plain>
        <thead>
          <tr>
            {table.head.map((name, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same name, and none moves
              <Head key={i} scope="col" $figure={isFigure(i)}>
                <ColumnName name={name} isFirst={i === 0} />
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, y) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id and come anew as a whole
            <tr key={y}>
              {row.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                <Data key={i} $figure={isFigure(i)}>
                  <CellText table={table} y={y} x={i} cell={cell} />
                </Data>
              ))}
            </tr>
          ))}
        </tbody>
      </Plain>
    </Sideways>
  );
}

/** A column without a name of its own says what the row is about, or remarks on it. */
function ColumnName({ name, isFirst }: { readonly name: string; readonly isFirst: boolean }) {
  return name === "" ? <FormattedMessage id={isFirst ? "report.what" : "report.remark"} /> : name;
}

interface CellTextProps {
  readonly table: Table;
  readonly y: number;
  readonly x: number;
  readonly cell: Cell;
}

/** The words; where the row leads somewhere, one of its cells is the link. */
function CellText({ table: { links }, y, x, cell }: CellTextProps) {
  const path = links !== null && links.column === x ? (links.paths[y] ?? null) : null;
  if (path === null) return <ToneText cell={cell} />;
  return (
    <Link href={`~/console${path}`}>
      <ToneText cell={cell} />
    </Link>
  );
}

interface NumberedRow {
  readonly y: number;
  readonly cells: readonly Cell[];
}

function LongTable({ table, label }: { readonly table: Table; readonly label: string }) {
  const { head, figures, rows } = table;
  const columns: readonly Column<NumberedRow>[] = head.map((name, i) => ({
    id: String(i),
    title: <ColumnName name={name} isFirst={i === 0} />,
    width: figures.includes(i) ? "minmax(70px, 0.6fr)" : "minmax(110px, 1.4fr)",
    numeric: figures.includes(i),
    cell: ({ y, cells }) => <CellText table={table} y={y} x={i} cell={cells[i] ?? ""} />,
  }));
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows.map((cells, y) => ({ y, cells }))}
      idOf={({ y }) => String(y)}
      rowHeight={36}
      minWidth={Math.max(720, head.length * 100)}
    />
  );
}

const Sideways = styled.section`
  overflow-x: auto;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
`;

const Plain = styled.table`
  width: 100%;
  border-collapse: collapse;
  font-variant-numeric: tabular-nums;
  th {
    background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
    color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    vertical-align: bottom;
  }
  th,
  td {
    padding: 6px 9px;
    font-size: ${({ theme }) => theme.fontSizes.sm};
  }
  td:first-child {
    min-width: 170px;
  }
  tbody tr {
    border-top: 1px solid ${({ theme }) => getColor({ theme, variable: "border.subtle" })};
  }
`;

const Head = styled.th<{ readonly $figure: boolean }>`
  text-align: ${({ $figure }) => ($figure ? "right" : "left")};
`;

const Data = styled.td<{ readonly $figure: boolean }>`
  text-align: ${({ $figure }) => ($figure ? "right" : "left")};
  white-space: ${({ $figure }) => ($figure ? "nowrap" : "normal")};
  vertical-align: top;
`;
