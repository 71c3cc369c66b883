/** The distributions that reports lean on, in one place; the numerics are jStat's. */
import jstat from "jstat";

const { jStat } = jstat;

/** Standard normal quantile for two-sided 95 %. https://www.itl.nist.gov/div898/handbook/eda/section3/eda3671.htm */
export const Z95 = 1.959963984540054;

/** Probability that a standard normal value is at most `z`. */
export function normalBelow(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

/** Probability of `k` or more events where `mean` are expected (Poisson); 1 for k ≤ 0. */
export function poissonAtLeast(k: number, mean: number): number {
  if (k <= 0) return 1;
  return mean <= 0 ? 0 : Math.max(0, 1 - jStat.poisson.cdf(k - 1, mean));
}

/** The value a beta variable stays below with probability `p`. */
export function betaQuantile(p: number, alpha: number, beta: number): number {
  return jStat.beta.inv(p, alpha, beta);
}

/** Natural logarithm of "n choose k". */
export function logChoose(n: number, k: number): number {
  return jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1);
}
