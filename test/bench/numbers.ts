/** The few sums the figures need. */

/** The value below which `share` (0–1) of the numbers lie; NaN of none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle number; NaN of none. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** Three figures that count, as a number: 0.01234 → 0.0123, 12345 → 12345. */
export function rounded(value: number): number {
  if (!Number.isFinite(value)) return value;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Lowest to highest, in words. */
export function range(numbers: readonly number[]): string {
  return `${rounded(Math.min(...numbers))}–${rounded(Math.max(...numbers))}`;
}
