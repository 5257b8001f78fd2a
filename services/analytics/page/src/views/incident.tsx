import type { IncidentDetail } from '../../../src/queries/incidents.ts';
import { useApi } from '../api.ts';
import { ago, count, moment } from '../format.ts';
import { Severity } from '../parts/badge.tsx';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';
import { to } from '../router.ts';
import { IncidentActions } from './incidents.tsx';

/** One incident: what happened to it, who was told, and its errors. */
export function Incident({ id }: { readonly id: string }) {
  const { data, failure, reload } = useApi<IncidentDetail>(
    `api/v1/incidents/${encodeURIComponent(id)}`,
    5_000,
  );
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  return (
    <div class="grid">
      <section class="headline wide">
        <h1>{data.title}</h1>
        <p class="facts">
          <span class={`status ${data.status}`}>{data.status}</span>
          <Severity severity={data.severity} />
          <span>level {data.level}</span>
          <span>{count(data.records)} errors</span>
          <span>opened {ago(data.openedAt)}</span>
          {Object.entries(data.links).map(([channel, url]) =>
            /^https?:/.test(url) ? (
              <a href={url} rel="noreferrer">
                {channel}
              </a>
            ) : (
              <span>{channel}</span>
            ),
          )}
        </p>
        <IncidentActions id={id} status={data.status} onDone={reload} />
      </section>
      <Panel title="What happened">
        <ol class="steps">
          {data.transitions.map(({ at, to: state, reason, actor }) => (
            <li>
              <time title={moment(at)}>{ago(at)}</time>
              <b>{state}</b>
              <p>
                {reason}
                {actor === null ? '' : ` by ${actor}`}
              </p>
            </li>
          ))}
        </ol>
      </Panel>
      <Panel title="Who was told">
        {data.effects.length === 0 ? (
          <Nothing>Nobody yet: a notice waits until the group has settled.</Nothing>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">Channel</th>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {data.effects.map(({ channel, kind, state, lastError, at }) => (
                <tr>
                  <th scope="row">{channel}</th>
                  <td>{kind}</td>
                  <td title={lastError ?? ''}>{state}</td>
                  <td>{ago(at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <Panel title="Its latest errors" wide>
        <ul>
          {data.recordsOf.map(({ coordinate, id: event, at }) => (
            <li>
              <a href={to('errors', coordinate)}>{event}</a> <span class="quiet">{ago(at)}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
