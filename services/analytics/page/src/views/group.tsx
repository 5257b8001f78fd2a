import { useState } from 'preact/hooks';
import type { ErrorItem, Page } from '../../../src/queries/errors.ts';
import type { GroupItem } from '../../../src/queries/groups.ts';
import { ApiFailure, ask, useApi } from '../api.ts';
import { ago, count, moment } from '../format.ts';
import { Severity } from '../parts/badge.tsx';
import { ErrorTable } from '../parts/error-table.tsx';
import { Failure, Panel, Stat } from '../parts/panel.tsx';
import { Sparkline } from '../parts/sparkline.tsx';

/** One cause: what it is, what helps, how often, and the latest errors. */
export function Group({ fingerprint }: { readonly fingerprint: string }) {
  const path = `api/v1/groups/${encodeURIComponent(fingerprint)}`;
  const { data: group, failure, reload } = useApi<GroupItem>(path, 10_000);
  const errors = useApi<Page<ErrorItem>>(
    `api/v1/errors?limit=20&fingerprint=${encodeURIComponent(fingerprint)}`,
    10_000,
  );
  const [refused, setRefused] = useState<ApiFailure>();
  if (group === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  const change = async (post: object): Promise<void> => {
    try {
      await ask(path, { post });
      setRefused(undefined);
      reload();
    } catch (error) {
      if (error instanceof ApiFailure) setRefused(error);
    }
  };
  const settled = group.state === 'resolved' || group.state === 'muted';
  return (
    <div class="grid">
      <section class="headline wide">
        <h1>{group.title}</h1>
        <p class="facts">
          <code>{group.category}</code> <Severity severity={group.severity} />
          {group.tool === null ? null : <span>{group.tool}</span>}
          {group.state === 'regressed' ? (
            <span class="state regressed">came back after it was resolved</span>
          ) : null}
          {settled ? <span class="state">{group.state}</span> : null}
        </p>
        <p class="actions">
          {settled ? (
            <button type="button" onClick={() => void change({ state: 'open' })}>
              Open again
            </button>
          ) : (
            <>
              <button type="button" onClick={() => void change({ state: 'resolved' })}>
                Mark as resolved
              </button>
              <button type="button" class="second" onClick={() => void change({ state: 'muted' })}>
                Mute
              </button>
            </>
          )}
          <Owner owner={group.owner} onChange={(owner) => void change({ owner })} />
        </p>
        {refused === undefined ? null : <Failure failure={refused} />}
      </section>
      <Panel title="How often">
        <Sparkline counts={group.hours} label="Last 24 hours" />
        <dl class="stats">
          <Stat name="in all" value={count(group.total)} />
          <Stat name="resolved" value={count(group.resolved)} tone="--resolved" />
          <Stat name="escalated" value={count(group.escalated)} tone="--escalated" />
          <Stat name="runs again" value={count(group.attempts)} />
          <Stat name="first seen" value={ago(group.firstAt)} note={moment(group.firstAt)} />
          <Stat name="last seen" value={ago(group.lastAt)} note={moment(group.lastAt)} />
        </dl>
      </Panel>
      <Panel title="What it is">
        <dl class="prose">
          <dt>Cause</dt>
          <dd>{group.cause ?? 'not known'}</dd>
          <dt>Remedy</dt>
          <dd>{group.remedy ?? 'none is known'}</dd>
          <dt>Fingerprint</dt>
          <dd>
            <code>{group.fingerprint}</code>
          </dd>
        </dl>
      </Panel>
      <Panel title="Latest errors" wide>
        <ErrorTable items={errors.data?.items ?? []} byId />
      </Panel>
    </div>
  );
}

function Owner({
  owner,
  onChange,
}: {
  readonly owner: string | null;
  readonly onChange: (owner: string | null) => void;
}) {
  return (
    <label class="owner">
      Owner{' '}
      <input
        key={owner}
        defaultValue={owner ?? ''}
        placeholder="nobody"
        onChange={(event) =>
          onChange(event.currentTarget.value.trim() === '' ? null : event.currentTarget.value.trim())
        }
      />
    </label>
  );
}
