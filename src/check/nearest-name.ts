/** Did they mean another name? */
import { distance } from "fastest-levenshtein";

/** ` (did you mean "X"?)` for the nearest known name, or nothing when none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const wanted = name.trim().toLowerCase();
  const [best] = known
    .map((one) => ({ one, far: distance(one.trim().toLowerCase(), wanted) }))
    .toSorted((a, b) => a.far - b.far);
  const near = best !== undefined && best.far <= Math.max(2, Math.floor(wanted.length / 2));
  return near ? ` (did you mean "${best.one}"?)` : "";
}
