/** The columns that the reader may see: where money is not shown, a column of dashes would only take room. */
import { useAnswer } from "../client.ts";
import type { Column } from "./data-table.tsx";

/** All of them, or all but `arr`. */
export function useColumns<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
  const session = useAnswer("get /session", {});
  return session.data?.seesMoney === false ? columns.filter(({ id }) => id !== "arr") : columns;
}
