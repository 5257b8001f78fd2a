import type { SystemHealth } from '../../../src/api/dependency-health.ts';
import type { Overview as Data } from '../../../src/queries/overview.ts';
import { useApi } from '../api.ts';
import { ago, count, duration, percent, rate } from '../format.ts';
import type { Live } from '../live.ts';
import { Failure, Nothing, Panel, Stat } from '../parts/panel.tsx';
import { LineFlow } from '../parts/line-flow.tsx';
import { GroupList } from '../parts/group-list.tsx';
import { ShareCell } from '../parts/share-cell.tsx';
import { StackedChart } from '../parts/stacked-chart.tsx';
import { to } from '../router.ts';

/** What broke, how often, and what was done about it. */
export function Overview({ live }: { readonly live: Live | undefined }) {
  const { data, failure } = useApi<Data>('api/v1/dashboard', 5_000);
  const { data: health } = useApi<SystemHealth>('health', 10_000);
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  const line = live?.line ?? data.line;
  const { day } = data;
  const waiting = Math.max(0, line.inFlight);
  const answered = day.resolved + day.escalated;
  return (
    <div class="grid">
      <section class="headline wide">
        <h1>
          {day.total === 0 ? (
            'No error in the last 24 hours.'
          ) : (
            <>
              <b>{count(day.total)}</b> errors in 24 hours: <b class="good">{count(day.resolved)} resolved</b>{' '}
              by machine, <b class="warm">{count(day.escalated)} escalated</b>, {count(waiting)} on their way.
            </>
          )}
        </h1>
        <p>
          {rate(data.rates.fiveMinutes)} a minute now
          {day.byCategory[0] === undefined
            ? '.'
            : `; most often ${day.byCategory[0].name} (${percent(day.byCategory[0].total / Math.max(1, day.total))}).`}
          {answered === 0
            ? ''
            : ` Half of what is resolved takes ${duration(day.responseTimes.toResolutionMs.p50)} or less.`}{' '}
          <HealthNote health={health} />
        </p>
      </section>

      <Panel
        title="The line"
        wide
        aside={
          line.unaccounted === 0 ? (
            <span class="ok">every record accounted for</span>
          ) : (
            <span class="bad">{count(line.unaccounted)} unaccounted for</span>
          )
        }
      >
        <LineFlow flow={live?.flow ?? data.flow} />
        <dl class="stats">
          <Stat name="received" value={count(line.in)} />
          <Stat name="resolved" value={count(line.resolved)} tone="--resolved" />
          <Stat name="escalated" value={count(line.escalated)} tone="--escalated" />
          <Stat name="repeats suppressed" value={count(line.suppressed)} tone="--repeat" />
          <Stat name="dead letters" value={count(line.deadLettered)} tone="--dead" />
          <Stat name="in flight" value={count(line.inFlight)} tone="--flight" />
          <Stat
            name="overdue"
            value={count(line.overdue)}
            {...(line.overdue > 0 ? { tone: '--dead' } : {})}
          />
        </dl>
      </Panel>

      <Panel title="The last hour, by how it ended" wide>
        {data.lastHour.series.length === 0 ? (
          <Nothing>No error happened in the last hour. Send one: faultline send "it broke"</Nothing>
        ) : (
          <StackedChart timeline={data.lastHour} label="Errors of the last hour" />
        )}
      </Panel>

      <Panel title="What breaks most" wide aside={<a href={to('groups')}>all groups</a>}>
        {data.topGroups.length === 0 ? (
          <Nothing>Nothing has broken yet.</Nothing>
        ) : (
          <GroupList groups={data.topGroups} />
        )}
      </Panel>

      <Panel title="What each stage ended" aside="last 24 hours">
        {day.stages.length === 0 ? (
          <Nothing>No stage has decided anything yet.</Nothing>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">Stage</th>
                <th scope="col" class="n">
                  Decisions
                </th>
                <th scope="col" class="n">
                  Resolved
                </th>
                <th scope="col">Share</th>
              </tr>
            </thead>
            <tbody>
              {day.stages.map((stage) => (
                <tr>
                  <th scope="row">{stage.stage}</th>
                  <td class="n">{count(stage.decisions)}</td>
                  <td class="n">{count(stage.resolved)}</td>
                  <ShareCell share={stage.resolutionRate} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>

      <Panel title="How long it takes" aside="last 24 hours">
        <table>
          <thead>
            <tr>
              <th scope="col">From receipt to</th>
              <th scope="col" class="n">
                half within
              </th>
              <th scope="col" class="n">
                99 % within
              </th>
            </tr>
          </thead>
          <tbody>
            {(
              [
                ['resolved', day.responseTimes.toResolutionMs],
                ['first action', day.responseTimes.toFirstActionMs],
                ['its end', day.responseTimes.toEndMs],
                ['acknowledged, once an incident', day.responseTimes.toAcknowledgeMs],
              ] as const
            ).map(([name, times]) => (
              <tr>
                <th scope="row">{name}</th>
                <td class="n">{times.count === 0 ? 'not yet' : duration(times.p50)}</td>
                <td class="n">{times.count === 0 ? '' : duration(times.p99)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <dl class="stats small">
          <Stat
            name="runs for each first run"
            value={day.retryAmplification === null ? '–' : day.retryAmplification.toFixed(2)}
          />
          <Stat
            name="proposed fixes that resolved"
            value={percent(day.fixes.rate)}
            note={`${count(day.fixes.proposed)} proposed`}
          />
        </dl>
      </Panel>
    </div>
  );
}

function HealthNote({ health }: { readonly health: SystemHealth | undefined }) {
  if (health === undefined) return null;
  const parts = [
    ...health.components,
    health.database,
    health.broker,
    health.registry,
    ...health.integrations,
  ];
  const down = parts.filter(({ state }) => state === 'down');
  const [first] = down;
  if (first === undefined) return <a href={to('health')}>Everything works.</a>;
  return (
    <a href={to('health')} class="bad">
      {down.map(({ name }) => name).join(', ')} {down.length === 1 ? 'is' : 'are'} down
      {first.since === null ? '' : ` since ${ago(first.since)}`}.
    </a>
  );
}
