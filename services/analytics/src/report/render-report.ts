import type { Timeline } from '../queries/timeline.ts';
import { duration, number, percent } from './format.ts';
import type { Report } from './report.ts';

/** Forms of a report. */
export const reportFormats = ['json', 'md', 'csv', 'html'] as const;
/** Form of a report. */
export type ReportFormat = (typeof reportFormats)[number];

/** Media types of the forms. */
export const reportTypes: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** A report as text. */
export const renderReport: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  json: (report) => JSON.stringify(report),
  md: markdown,
  csv,
  html,
};

type Row = readonly (string | number)[];
interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

function keyNumbers({ statistics: s }: Report): readonly (readonly [string, string])[] {
  return [
    ['Errors', number(s.total)],
    ['A minute', number(s.errorRates.perMinute)],
    ['An hour', number(s.errorRates.perHour)],
    ['A day', number(s.errorRates.perDay)],
    ['Resolved of those that ended', percent(s.resolutionRate)],
    ['Resolved', number(s.resolved)],
    ['Escalated', number(s.escalated)],
    ['Dead letters', number(s.deadLettered)],
    ['Repeats suppressed', number(s.suppressed)],
    ['In flight', number(s.inFlight)],
    ['Time to resolution, half within', duration(s.responseTimes.toResolutionMs.p50)],
    ['Time to resolution, 99 % within', duration(s.responseTimes.toResolutionMs.p99)],
    ['Time to first action, half within', duration(s.responseTimes.toFirstActionMs.p50)],
    ['Time to acknowledge, half within', duration(s.responseTimes.toAcknowledgeMs.p50)],
    [
      'Runs for each first run',
      s.retryAmplification === null ? 'not measured' : s.retryAmplification.toFixed(2),
    ],
    ['Fixes that resolved, of those proposed', percent(s.fixes.rate)],
  ];
}

function tables({ statistics, costliest, flaky }: Report): readonly Table[] {
  return [
    {
      title: 'Stages',
      head: ['Stage', 'Decisions', 'Resolved', 'Resolution rate'],
      rows: statistics.stages.map((stage) => [
        stage.stage,
        stage.decisions,
        stage.resolved,
        percent(stage.resolutionRate),
      ]),
    },
    {
      title: 'Categories',
      head: ['Category', 'Errors', 'Resolved', 'Escalated'],
      rows: statistics.byCategory.map(({ name, total, resolved, escalated }) => [
        name,
        total,
        resolved,
        escalated,
      ]),
    },
    {
      title: 'What costs most',
      head: ['Group', 'Category', 'Errors', 'Escalated', 'Cost', 'Last seen'],
      rows: costliest.map((group) => [
        group.title,
        group.category,
        group.total,
        group.escalated,
        group.cost.toFixed(2),
        new Date(group.lastAt).toISOString(),
      ]),
    },
    {
      title: flaky.abstains ? `Flaky tests: nothing can be said (${flaky.why})` : 'Flaky tests',
      head: ['Repository', 'Job', 'Test', 'Flips', 'Commits', 'Advice'],
      rows: flaky.items
        .filter(({ verdict }) => verdict === 'flaky')
        .map((item) => [
          item.repository,
          item.job ?? '',
          item.task ?? '',
          item.flips,
          item.commits,
          item.advice,
        ]),
    },
  ];
}

const titleOf = ({ period }: Report): string => `Errors from ${period.startDate} to ${period.endDate}`;

function markdown(report: Report): string {
  const cell = (value: string | number): string =>
    String(value)
      .replaceAll('\\', '\\\\')
      .replaceAll('|', '\\|')
      .replaceAll(/[\r\n]+/g, ' ')
      .replaceAll('<', '&lt;');
  const table = (head: readonly string[], rows: readonly Row[]): string =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
  return [
    `# ${titleOf(report)}`,
    table(['Number', 'Value'], keyNumbers(report)),
    ...tables(report)
      .filter(({ rows, title }) => rows.length > 0 || title.includes('nothing'))
      .map(
        ({ title, head, rows }) => `## ${cell(title)}${rows.length === 0 ? '' : `\n\n${table(head, rows)}`}`,
      ),
    '',
  ].join('\n\n');
}

/** One table: a row for each bucket, a column for each outcome. Cells that a spreadsheet would run are quoted with '. */
function csv({ byOutcome }: Report): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows: Row[] = [
    ['from', ...byOutcome.series.map(({ name }) => name)],
    ...byOutcome.at.map((at, index) => [
      new Date(at).toISOString(),
      ...byOutcome.series.map(({ counts }) => counts[index] ?? 0),
    ]),
  ];
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

const escaped = (value: string | number): string =>
  String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const colours = ['#2a78d6', '#eb6834', '#1baf7a', '#eda100', '#4a3aa7', '#e34948', '#e87ba4', '#008300'];

function html(report: Report): string {
  const table = ({ title, head, rows }: Table): string =>
    `<h2>${escaped(title)}</h2>${
      rows.length === 0
        ? ''
        : `<table><thead><tr>${head.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr></thead><tbody>${rows
            .map(
              (row) =>
                `<tr>${row.map((value) => `<td${typeof value === 'number' ? ' class="n"' : ''}>${escaped(value)}</td>`).join('')}</tr>`,
            )
            .join('')}</tbody></table>`
    }`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(titleOf(report))}</title><style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:.75rem}
dl div{border:1px solid #8884;border-radius:6px;padding:.5rem .75rem}dt{opacity:.75;font-size:.85rem}dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;overflow-wrap:anywhere}.n{text-align:right;font-variant-numeric:tabular-nums}
svg{width:100%;height:auto}.key span{margin-right:1rem;white-space:nowrap}.key i{display:inline-block;width:.8em;height:.8em;margin-right:.3em;border-radius:2px}
</style></head><body><h1>${escaped(titleOf(report))}</h1>
<dl>${keyNumbers(report)
    .map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('')}</dl>
<h2>How they ended</h2>${plot(report.byOutcome)}<h2>What they were</h2>${plot(report.byCategory)}
${tables(report).map(table).join('\n')}</body></html>\n`;
}

/** Stacked bars as SVG. */
function plot({ at, series }: Timeline): string {
  if (series.length === 0) return '<p>No error happened in the period.</p>';
  const width = 900;
  const height = 200;
  const most = Math.max(
    1,
    ...at.map((_, index) => series.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0)),
  );
  const step = width / at.length;
  const bars = at.flatMap((_, index) => {
    let below = 0;
    return series.map(({ counts }, part) => {
      const bar = ((counts[index] ?? 0) / most) * height;
      below += bar;
      return bar === 0
        ? ''
        : `<rect x="${(index * step).toFixed(1)}" y="${(height - below).toFixed(1)}" width="${Math.max(0.5, step - 0.5).toFixed(1)}" height="${bar.toFixed(1)}" fill="${colours[part % colours.length]}"/>`;
    });
  });
  const key = series
    .map(
      ({ name, counts }, part) =>
        `<span><i style="background:${colours[part % colours.length]}"></i>${escaped(name)} ${number(counts.reduce((sum, n) => sum + n, 0))}</span>`,
    )
    .join('');
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="at most ${most} in a bar">${bars.join('')}</svg><p class="key">${key}</p><p>A bar is one ${series.length > 0 && at.length > 1 ? spanOf((at[1] ?? 0) - (at[0] ?? 0)) : 'period'}; the highest holds ${number(most)}.</p>`;
}

const spanOf = (ms: number): string => (ms <= 60_000 ? 'minute' : ms <= 3_600_000 ? 'hour' : 'day');
