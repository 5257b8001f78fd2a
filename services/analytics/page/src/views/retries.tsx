import type { ErrorItem, RetryWorth } from '../../../src/queries/errors.ts';
import { useApi } from '../api.ts';
import { ago, count, duration } from '../format.ts';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';
import { ShareCell } from '../parts/share-cell.tsx';
import { to } from '../router.ts';

/** Retries that are due next, and what retrying was worth. */
export function Retries() {
  const { data, failure } = useApi<{
    readonly pending: readonly ErrorItem[];
    readonly worth: readonly RetryWorth[];
  }>('api/v1/retries?limit=100', 2_000);
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  return (
    <div class="grid">
      <Panel
        title="Due next"
        wide
        aside={`${count(data.pending.length)}${data.pending.length === 100 ? ' and more' : ''}`}
      >
        {data.pending.length === 0 ? (
          <Nothing>No record waits for a retry.</Nothing>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">Due</th>
                <th scope="col">What</th>
                <th scope="col" class="n">
                  Runs so far
                </th>
                <th scope="col">Must end</th>
              </tr>
            </thead>
            <tbody>
              {data.pending.map((item) => (
                <tr key={item.coordinate}>
                  <td>{item.nextAt === null ? '–' : ago(item.nextAt)}</td>
                  <td>
                    <a href={to('errors', item.coordinate)}>{item.title ?? item.id ?? item.coordinate}</a>{' '}
                    <code>{item.category}</code>
                  </td>
                  <td class="n">{item.attempts}</td>
                  <td>{ago(item.deadline)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <Panel title="What retrying was worth" wide aside="last 24 hours">
        {data.worth.length === 0 ? (
          <Nothing>Nothing was run again in the last 24 hours.</Nothing>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">Category</th>
                <th scope="col" class="n">
                  Errors
                </th>
                <th scope="col" class="n">
                  Runs again
                </th>
                <th scope="col" class="n">
                  Machine time
                </th>
                <th scope="col">Resolved without a fix</th>
              </tr>
            </thead>
            <tbody>
              {data.worth.map((row) => (
                <tr>
                  <th scope="row">{row.category}</th>
                  <td class="n">{count(row.errors)}</td>
                  <td class="n">{count(row.runs)}</td>
                  <td class="n">{duration(row.runMs)}</td>
                  <ShareCell share={row.resolved / Math.max(1, row.errors)} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </div>
  );
}
