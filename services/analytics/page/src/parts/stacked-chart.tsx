import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Timeline } from '../../../src/queries/timeline.ts';
import { count, moment } from '../format.ts';
import { stackOrder, stateColour, stateLabel } from './outcomes.ts';

const HEIGHT = 190;

const colourOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(stateColour(name)).trim();

/** Outcomes over time as stacked bars; the key below tells the numbers under the pointer, else the sums. */
export function StackedChart({ timeline, label }: { readonly timeline: Timeline; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [index, setIndex] = useState<number | null>(null);
  const series = stackOrder.flatMap((name) => timeline.series.filter((one) => one.name === name));
  const names = series.map(({ name }) => name).join();

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(element.clientWidth, names.split(','), setIndex),
        stacked(timeline, series),
        element,
      );
    };
    draw();
    const resize = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    addEventListener('theme', draw);
    return () => {
      resize.disconnect();
      dark.removeEventListener('change', draw);
      removeEventListener('theme', draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names]);

  useEffect(() => plot.current?.setData(stacked(timeline, series)), [timeline]);

  const sum = (counts: readonly number[]): number => counts.reduce((total, n) => total + n, 0);
  const all = series.reduce((total, { counts }) => total + sum(counts), 0);
  const at = index === null ? undefined : timeline.at[index];
  return (
    <figure class="chart">
      <div
        ref={place}
        role="img"
        aria-label={`${label}: ${count(all)} errors. ${series.map(({ name, counts }) => `${stateLabel(name)} ${count(sum(counts))}`).join(', ')}.`}
      />
      <figcaption>
        <span class="at">
          {at === undefined ? `all ${timeline.at.length} ${timeline.grain}s` : moment(at)}
        </span>
        {series.map(({ name, counts }) => (
          <span class="key" style={`--c: var(${stateColour(name)})`}>
            {stateLabel(name)} <b>{count(index === null ? sum(counts) : (counts[index] ?? 0))}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

type Series = Timeline['series'];

/** Data of the plot: the highest stack first, so that lower ones are drawn over it. */
function stacked(timeline: Timeline, series: Series): uPlot.AlignedData {
  const sums = timeline.at.map(() => 0);
  const stacks = series.map(({ counts }) =>
    counts.map((n, index) => {
      sums[index] = (sums[index] ?? 0) + n;
      return sums[index] ?? 0;
    }),
  );
  return [timeline.at.map((at) => at / 1_000), ...stacks.toReversed()];
}

function optionsOf(
  width: number,
  names: readonly string[],
  onIndex: (index: number | null) => void,
): uPlot.Options {
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--quiet').trim();
  const grid = getComputedStyle(document.documentElement).getPropertyValue('--edge').trim();
  const bars = uPlot.paths.bars?.({ size: [0.85, 40], gap: 0 });
  const axis: uPlot.Axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.05)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        values: '{HH}:{mm}' as unknown as uPlot.Axis.Values,
      },
      {
        ...axis,
        size: 44,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
      },
    ],
    series: [
      {},
      ...names.toReversed().map((name): uPlot.Series => ({
        fill: colourOf(name),
        stroke: colourOf(name),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
    hooks: { setCursor: [(plot) => onIndex(plot.cursor.idx ?? null)] },
  };
}
