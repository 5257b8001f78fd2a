import { useEffect, useState } from 'preact/hooks';
import type { ErrorItem, Page } from '../../../src/queries/errors.ts';
import { ask, useApi } from '../api.ts';
import { ErrorTable } from '../parts/error-table.tsx';
import { Failure, Panel } from '../parts/panel.tsx';
import { to } from '../router.ts';

const states = ['', 'in flight', 'delayed', 'resolved', 'escalated', 'suppressed', 'dead-lettered'] as const;

/** Errors one by one, the latest first. */
export function Errors({ query: route }: { readonly query: URLSearchParams }) {
  const [q, setQ] = useState('');
  const state = route.get('state') ?? '';
  const query = new URLSearchParams({
    limit: '50',
    ...(q === '' ? {} : { q }),
    ...(state === '' ? {} : { state }),
  });
  const [older, setOlder] = useState<Page<ErrorItem>>();
  const { data, failure } = useApi<Page<ErrorItem>>(
    `api/v1/errors?${query}`,
    older === undefined ? 5_000 : 0,
  );
  useEffect(() => setOlder(undefined), [q, state]);
  const last = older ?? data;
  const more = async (): Promise<void> => {
    const page = await ask<Page<ErrorItem>>(`api/v1/errors?${query}&cursor=${last?.next}`);
    setOlder({ ...page, items: [...(older?.items ?? []), ...page.items] });
  };
  return (
    <Panel title="Errors" aside="the latest first">
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          placeholder="Search titles and ids  ( / )"
          aria-label="Search errors"
          value={q}
          onInput={(event) => setQ(event.currentTarget.value)}
        />
        <label>
          State
          <select
            value={state}
            onChange={(event) => {
              const { value } = event.currentTarget;
              location.hash =
                value === '' ? to('errors') : `${to('errors')}?state=${encodeURIComponent(value)}`;
            }}
          >
            {[...new Set([...states, state])].map((value) => (
              <option value={value}>{value === '' ? 'all' : value}</option>
            ))}
          </select>
        </label>
      </form>
      {failure === undefined ? null : <Failure failure={failure} />}
      {data === undefined ? null : <ErrorTable items={[...data.items, ...(older?.items ?? [])]} />}
      {last?.next == null ? null : (
        <button type="button" class="more" onClick={() => void more()}>
          Older ones
        </button>
      )}
    </Panel>
  );
}
