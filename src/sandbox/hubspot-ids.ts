/** Record ids: their order, and ids for new records. */

/** How the search index orders `hs_object_id`: as numbers, or letter by letter. Which one HubSpot does is not known. */
export type IdOrder = "number" | "text";

/** Compares two record ids; negative = the first comes first. */
export function compareIds(left: string, right: string, order: IdOrder): number {
  if (order === "number" && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Position of the first row whose id is not before `id`; rows ascend by id as numbers. */
export function positionOf(rows: readonly { readonly id: string }[], id: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(rows[middle]?.id ?? "", id, "number") < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An id that is larger than that of every row; rows ascend by id as numbers. */
export function idAfter(rows: readonly { readonly id: string }[]): string {
  return String(BigInt(rows.at(-1)?.id ?? "7000000000") + 7n);
}
