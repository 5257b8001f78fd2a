import { useState } from 'preact/hooks';
import type { IncidentItem } from '../../../src/queries/incidents.ts';
import { ApiFailure, ask, useApi } from '../api.ts';
import { ago, count } from '../format.ts';
import { Severity } from '../parts/badge.tsx';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';
import { to } from '../router.ts';

/** What waits for a person, first; what is over, behind. */
export function Incidents() {
  const { data, failure, reload } = useApi<{
    readonly total: number;
    readonly items: readonly IncidentItem[];
  }>('api/v1/incidents?limit=100', 5_000);
  const open = data?.items.filter(({ status }) => status === 'open' || status === 'acknowledged') ?? [];
  const over = data?.items.filter((incident) => !open.includes(incident)) ?? [];
  return (
    <div class="grid">
      {failure === undefined ? null : <Failure failure={failure} />}
      <Panel title="Waiting for somebody" wide aside={`${count(open.length)} of ${count(data?.total ?? 0)}`}>
        {open.length === 0 ? (
          <Nothing>Nothing waits for a person.</Nothing>
        ) : (
          <ul class="incidents">
            {open.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} onDone={reload} />
            ))}
          </ul>
        )}
      </Panel>
      {over.length === 0 ? null : (
        <Panel title="Over" wide>
          <ul class="incidents">
            {over.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} onDone={reload} />
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

function IncidentRow({ incident, onDone }: { readonly incident: IncidentItem; readonly onDone: () => void }) {
  return (
    <li>
      <div>
        <a class="title" href={to('incidents', incident.id)}>
          {incident.title}
        </a>
        <span class="facts">
          <span class={`status ${incident.status}`}>{incident.status}</span>
          <Severity severity={incident.severity} />
          <span>level {incident.level}</span>
          <span>{count(incident.records)} errors</span>
          <span>opened {ago(incident.openedAt)}</span>
          {incident.endedAt === null ? <span>must end {ago(incident.deadline)}</span> : null}
          {incident.repository === null ? null : <span>{incident.repository}</span>}
        </span>
      </div>
      <IncidentActions id={incident.id} status={incident.status} onDone={onDone} />
    </li>
  );
}

/** What can be done about an incident. */
export function IncidentActions({
  id,
  status,
  onDone,
}: {
  readonly id: string;
  readonly status: string;
  readonly onDone: () => void;
}) {
  const [refused, setRefused] = useState<ApiFailure>();
  const act = async (action: string): Promise<void> => {
    try {
      await ask(`api/v1/incidents/${encodeURIComponent(id)}/${action}`, { post: {} });
      setRefused(undefined);
    } catch (error) {
      if (error instanceof ApiFailure) setRefused(error);
    }
    onDone();
  };
  if (status !== 'open' && status !== 'acknowledged') return null;
  return (
    <div class="actions">
      {status === 'open' ? (
        <button type="button" class="second" onClick={() => void act('acknowledge')}>
          Acknowledge
        </button>
      ) : null}
      <button type="button" onClick={() => void act('resolve')}>
        Resolve
      </button>
      {refused === undefined ? null : <Failure failure={refused} />}
    </div>
  );
}
