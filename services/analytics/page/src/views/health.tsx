import type { PartHealth, SystemHealth } from '../../../src/api/dependency-health.ts';
import { useApi } from '../api.ts';
import { ago, moment } from '../format.ts';
import { Failure, Panel } from '../parts/panel.tsx';

/** How every part does, since when, and what to do where it does not. */
export function HealthView() {
  const { data, failure } = useApi<SystemHealth>('health', 5_000);
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  return (
    <div class="grid">
      <section class="headline wide">
        <h1>
          {data.state === 'up' ? 'Everything works.' : 'Something is down; what does not need it goes on.'}
        </h1>
      </section>
      <Panel title="Depends on">
        <Parts parts={[data.database, data.broker, data.registry]} />
      </Panel>
      <Panel title="Consists of">
        <Parts parts={data.components} />
      </Panel>
      <Panel title="Outside" wide>
        <Parts parts={data.integrations} />
      </Panel>
    </div>
  );
}

const Parts = ({ parts }: { readonly parts: readonly PartHealth[] }) => (
  <ul class="parts">
    {parts.map((part) => (
      <li key={part.name} class={part.state}>
        <b>{part.name}</b>
        <span>{part.state === 'unused' ? 'not used yet' : part.state}</span>
        {part.since === null ? null : <span title={moment(part.since)}>since {ago(part.since)}</span>}
        {part.state !== 'down' ? null : (
          <p>
            {part.lastError} <em>{part.remedy}</em>
          </p>
        )}
      </li>
    ))}
  </ul>
);
