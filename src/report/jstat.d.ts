/** The few functions of jStat that reports use; the package brings no types. https://jstat.github.io/all.html */
declare module "jstat" {
  interface Distributions {
    readonly normal: { cdf(x: number, mean: number, deviation: number): number };
    readonly poisson: { cdf(k: number, mean: number): number };
    readonly beta: { inv(p: number, alpha: number, beta: number): number };
    gammaln(x: number): number;
  }
  const exported: { readonly jStat: Distributions };
  export default exported;
}
