/** Rows in columns: as many as there are, of which only those in sight are drawn. Rows can be walked by keyboard. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, useRef } from "react";
import styled from "styled-components";

/** One column. `width` is a CSS grid track: `2fr`, `120px`, `minmax(120px, 1fr)`. */
export interface Column<Row> {
  readonly id: string;
  readonly title: ReactNode;
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** Height of a row, px; long cells are cut with an ellipsis (`Two`, `Clamp` for more than one line). */
  readonly rowHeight?: number;
  /** Height of the table at most, px. */
  readonly maxHeight?: number;
  /** The table scrolls sideways where there is less room, px. */
  readonly minWidth?: number;
  readonly onOpen?: (row: Row) => void;
  /** Called when the last rows come into sight. */
  readonly onEnd?: () => void;
}

/** The table. Opening a row works by click, Enter and Space. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowHeight = 48, maxHeight = 560, minWidth = 720, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const shown = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    onChange: (one) => {
      if ((one.getVirtualItems().at(-1)?.index ?? -1) >= rows.length - 5 && rows.length > 0) onEnd?.();
    },
  });
  const tracks = columns.map((one) => one.width).join(" ");
  return (
    <Scroller
      ref={box}
      style={{ maxHeight }}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={props.onOpen === undefined ? 0 : undefined}
    >
      <HeadRow role="row" $tracks={tracks} $minWidth={minWidth}>
        {columns.map((one) => (
          <Cell key={one.id} role="columnheader" $numeric={one.numeric === true}>
            {one.title}
          </Cell>
        ))}
      </HeadRow>
      {/* biome-ignore lint/a11y/useSemanticElements: table elements cannot be placed row by row */}
      <div style={{ height: shown.getTotalSize(), position: "relative", minWidth }} role="rowgroup">
        {shown.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <Line
              key={props.idOf(row)}
              {...props}
              row={row}
              index={item.index}
              top={item.start}
              height={rowHeight}
              tracks={tracks}
            />
          );
        })}
      </div>
    </Scroller>
  );
}

interface LineProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly tracks: string;
}

function Line<Row>({ columns, row, index, top, height, tracks, onOpen }: LineProps<Row>) {
  const open = onOpen === undefined ? undefined : () => onOpen(row);
  return (
    <BodyRow
      role="row"
      aria-rowindex={index + 2}
      $tracks={tracks}
      $opens={open !== undefined}
      style={{ height, transform: `translateY(${top}px)` }}
      tabIndex={open === undefined ? undefined : 0}
      onClick={open}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        open?.();
      }}
    >
      {columns.map((one) => (
        <Cell key={one.id} role="cell" $numeric={one.numeric === true}>
          {one.cell(row)}
        </Cell>
      ))}
    </BodyRow>
  );
}

const Scroller = styled.div`
  overflow: auto;
  contain: paint;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
`;

const Grid = styled.div<{ readonly $tracks: string; readonly $minWidth?: number }>`
  display: grid;
  grid-template-columns: ${({ $tracks }) => $tracks};
  align-items: center;
  column-gap: ${({ theme }) => theme.space.sm};
  padding: 0 ${({ theme }) => theme.space.sm};
  min-width: ${({ $minWidth }) => $minWidth ?? 720}px;
`;

const HeadRow = styled(Grid)`
  position: sticky;
  top: 0;
  z-index: 1;
  min-height: 36px;
  background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`;

const BodyRow = styled(Grid)<{ readonly $opens: boolean }>`
  position: absolute;
  inset: 0 0 auto;
  border-top: 1px solid ${({ theme }) => getColor({ theme, variable: "border.subtle" })};
  cursor: ${({ $opens }) => ($opens ? "pointer" : "default")};
  &:hover {
    background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
  }
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

/** Two lines in one cell, each cut for itself. */
export function Two({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) {
  return (
    <>
      <Cut>{first}</Cut>
      <Cut $small>{second}</Cut>
    </>
  );
}

const Cut = styled.div<{ readonly $small?: boolean }>`
  overflow: hidden;
  text-overflow: ellipsis;
  font-size: ${({ theme, $small }) => ($small === true ? theme.fontSizes.sm : "inherit")};
  color: ${({ theme, $small }) => ($small === true ? getColor({ theme, variable: "foreground.subtle" }) : "inherit")};
  & + & {
    margin-top: 2px;
  }
`;

/** A sentence on two lines at most; the whole of it belongs into `title`. */
export const Clamp = styled.span`
  display: -webkit-box;
  overflow: hidden;
  white-space: normal;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: ${({ theme }) => theme.lineHeights.sm};
`;

const Cell = styled.div<{ readonly $numeric: boolean }>`
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  text-align: ${({ $numeric }) => ($numeric ? "right" : "left")};
  font-variant-numeric: ${({ $numeric }) => ($numeric ? "tabular-nums" : "normal")};
`;
