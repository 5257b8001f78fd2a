/** ln Γ(x) for x > 0 (Lanczos, g = 7, n = 9; Numerical Recipes 6.1), good to 1e-13. */
export function logGamma(x: number): number {
  const coefficients = [
    0.999_999_999_999_809_9, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1,
    -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
  ];
  const base = x - 1;
  let sum = coefficients[0] ?? 0;
  for (let index = 1; index < coefficients.length; index += 1)
    sum += (coefficients[index] ?? 0) / (base + index);
  const shifted = base + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (base + 0.5) * Math.log(shifted) - shifted + Math.log(sum);
}

/** P(X >= k) for X ~ Poisson(mean). */
export function poissonTail(k: number, mean: number): number {
  if (k <= 0) return 1;
  if (mean <= 0) return 0;
  return tailFrom(
    k,
    Infinity,
    Math.exp(k * Math.log(mean) - mean - logGamma(k + 1)),
    (at) => mean / (at + 1),
    mean,
  );
}

/** P(X >= k) for X ~ Binomial(n, p). */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  const first = Math.exp(
    logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p),
  );
  return tailFrom(k, n, first, (at) => (((n - at) / (at + 1)) * p) / (1 - p), n * p);
}

/** Adds terms upwards from `k` until they no longer count. */
function tailFrom(
  k: number,
  last: number,
  first: number,
  ratio: (at: number) => number,
  mean: number,
): number {
  let sum = 0;
  let term = first;
  for (let at = k; at <= last; at += 1) {
    sum += term;
    term *= ratio(at);
    if (at > mean && term < sum * 1e-15) break;
  }
  return Math.min(1, sum);
}

/** Value below which the share `q` lies (nearest rank); null where there is none. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
