/** Counts as small bars; the last is the current one. */
export function Sparkline({ counts, label }: { readonly counts: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...counts);
  const width = 4;
  const height = 24;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${counts.length * width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${counts.reduce((sum, n) => sum + n, 0)} in all, at most ${Math.max(0, ...counts)} at once`}
    >
      {counts.map((n, index) => {
        const bar = n === 0 ? 1 : Math.max(2, (n / most) * height);
        return (
          <rect
            x={index * width}
            y={height - bar}
            width={width - 1}
            height={bar}
            class={n === 0 ? 'none' : ''}
          />
        );
      })}
    </svg>
  );
}
