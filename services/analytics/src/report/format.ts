/** A duration in the unit that suits it. */
export function duration(ms: number | null): string {
  if (ms === null) return 'not measured';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`;
}

/** A share in per cent. */
export const percent = (share: number | null): string =>
  share === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;

/** A count or a rate, short. */
export const number = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(value < 10 ? 2 : 1);
