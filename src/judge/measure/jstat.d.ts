/**
 * The part of jstat that judging uses; the package brings no types of its own.
 */
declare module 'jstat' {
  const jStat: {
    beta: {
      /** The quantile `p` of the beta distribution. */
      inv(p: number, alpha: number, beta: number): number;
    };
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      inv(p: number, mean: number, deviation: number): number;
    };
    /** The logarithm of the gamma function. */
    gammaln(x: number): number;
  };
  export default jStat;
}
