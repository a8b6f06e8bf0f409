/**
 * The part of jstat that judging uses; the package brings no types of its own.
 */
declare module 'jstat' {
  const jStat: {
    beta: {
      /** The quantile `p` of the beta distribution. */
      inv(p: number, alpha: number, beta: number): number;
    };
  };
  export default jStat;
}
