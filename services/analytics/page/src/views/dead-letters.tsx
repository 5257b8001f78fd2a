import { useState } from 'preact/hooks';
import type { ErrorItem, Page } from '../../../src/queries/errors.ts';
import { ApiFailure, ask, useApi } from '../api.ts';
import { ago, count } from '../format.ts';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';
import { to } from '../router.ts';

/** Records that could not be processed, and the way to send them again. */
export function DeadLetters() {
  const { data, failure, reload } = useApi<Page<ErrorItem> & { readonly rejectedByInboxes: number }>(
    'api/v1/dead-letters?limit=100',
    5_000,
  );
  const [told, setTold] = useState<Readonly<Record<string, string>>>({});
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  const redrive = async (item: ErrorItem): Promise<void> => {
    const say = (text: string): void => setTold((before) => ({ ...before, [item.coordinate]: text }));
    try {
      await ask(`api/v1/dead-letters/${encodeURIComponent(item.coordinate)}/redrive`, { post: {} });
      say('sent again');
      reload();
    } catch (error) {
      if (error instanceof ApiFailure) say(`${error.message}; ${error.remedy}`);
    }
  };
  return (
    <Panel title="Dead letters" aside={`${count(data.items.length)}${data.next === null ? '' : ' and more'}`}>
      {data.items.length === 0 ? (
        <Nothing>Every record could be processed.</Nothing>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Since</th>
              <th scope="col">Record</th>
              <th scope="col">Reason</th>
              <th scope="col">Again</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <tr key={item.coordinate}>
                <td>{ago(item.endedAt ?? item.receivedAt)}</td>
                <td>
                  <a href={to('errors', item.coordinate)}>{item.title ?? item.id ?? item.coordinate}</a>
                </td>
                <td>
                  {item.stage}: {item.reason}
                </td>
                <td>
                  {told[item.coordinate] ?? (
                    <button type="button" class="second" onClick={() => void redrive(item)}>
                      Send again
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data.rejectedByInboxes === 0 ? null : (
        <p class="failure">
          {count(data.rejectedByInboxes)} records of other topics could not be read into Postgres; see
          inbox_rejects.
        </p>
      )}
    </Panel>
  );
}
