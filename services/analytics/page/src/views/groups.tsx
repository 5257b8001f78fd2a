import { useEffect, useState } from 'preact/hooks';
import type { GroupItem, GroupPage } from '../../../src/queries/groups.ts';
import { ask, useApi } from '../api.ts';
import { count } from '../format.ts';
import { GroupList } from '../parts/group-list.tsx';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';

const PAGE = 50;
const orders = [
  ['last', 'last seen'],
  ['count', 'how often'],
  ['cost', 'what it costs'],
  ['first', 'newest'],
] as const;

/** All groups, found by words, state and order. */
export function Groups() {
  const [q, setQ] = useState('');
  const [order, setOrder] = useState<string>('last');
  const [state, setState] = useState('');
  const [more, setMore] = useState<readonly GroupItem[]>([]);
  const query = new URLSearchParams({
    order,
    limit: String(PAGE),
    ...(q === '' ? {} : { q }),
    ...(state === '' ? {} : { state }),
  });
  const { data, failure } = useApi<GroupPage>(`api/v1/groups?${query}`, more.length === 0 ? 10_000 : 0);
  useEffect(() => setMore([]), [q, order, state]);
  const items = [...(data?.items ?? []), ...more];
  const next = async (): Promise<void> => {
    const page = await ask<GroupPage>(`api/v1/groups?${query}&offset=${items.length}`);
    setMore((before) => [...before, ...page.items]);
  };
  return (
    <Panel title="Groups" aside={data === undefined ? null : `${count(data.total)} causes`}>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          placeholder="Search titles, categories, repositories  ( / )"
          aria-label="Search groups"
          value={q}
          onInput={(event) => setQ(event.currentTarget.value)}
        />
        <label>
          Order
          <select value={order} onChange={(event) => setOrder(event.currentTarget.value)}>
            {orders.map(([value, label]) => (
              <option value={value}>{label}</option>
            ))}
          </select>
        </label>
        <label>
          State
          <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
            <option value="">all</option>
            <option value="open">open</option>
            <option value="regressed">came back</option>
            <option value="muted">muted</option>
            <option value="resolved">resolved</option>
          </select>
        </label>
      </form>
      {failure === undefined ? null : <Failure failure={failure} />}
      {data !== undefined && items.length === 0 ? (
        <Nothing>{q === '' && state === '' ? 'Nothing has broken yet.' : 'No group is like that.'}</Nothing>
      ) : (
        <GroupList groups={items} />
      )}
      {data !== undefined && items.length < data.total ? (
        <button type="button" class="more" onClick={() => void next()}>
          {count(data.total - items.length)} more
        </button>
      ) : null}
    </Panel>
  );
}
