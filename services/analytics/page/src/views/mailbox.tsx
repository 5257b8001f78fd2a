import type { Mail } from '../../../src/queries/incidents.ts';
import { ask, useApi } from '../api.ts';
import { ago, count } from '../format.ts';
import { Failure, Nothing, Panel } from '../parts/panel.tsx';
import { to } from '../router.ts';

/** Messages for channels that are not configured. */
export function Mailbox() {
  const { data, failure, reload } = useApi<{
    readonly unread: number;
    readonly total: number;
    readonly items: readonly Mail[];
  }>('api/v1/mailbox?limit=100', 5_000);
  if (data === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  const read = async (id: string): Promise<void> => {
    await ask(`api/v1/mailbox/${encodeURIComponent(id)}/read`, { post: {} }).catch(() => undefined);
    reload();
  };
  return (
    <Panel title="Mailbox" aside={`${count(data.unread)} unread of ${count(data.total)}`}>
      {data.items.length === 0 ? (
        <Nothing>
          No message: every channel that was needed is configured, or nobody had to be told yet.
        </Nothing>
      ) : (
        <ul class="mails">
          {data.items.map((mail) => (
            <li key={mail.id} class={mail.readAt === null ? 'new' : ''}>
              <details
                onToggle={(event) => event.currentTarget.open && mail.readAt === null && void read(mail.id)}
              >
                <summary>
                  <b>{mail.subject}</b>
                  <span class="facts">
                    <span>for {mail.channel}</span>
                    <span>{ago(mail.at)}</span>
                    <span>{mail.why}</span>
                  </span>
                </summary>
                <pre tabIndex={0}>{mail.body}</pre>
                <a href={to('incidents', mail.incidentId)}>its incident</a>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
