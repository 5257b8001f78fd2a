import type { ErrorItem } from '../../../src/queries/errors.ts';
import { ago, moment } from '../format.ts';
import { to } from '../router.ts';
import { Severity, StateBadge } from './badge.tsx';
import { Nothing } from './panel.tsx';

/** Errors as a table; each leads to its story. */
export const ErrorTable = ({
  items,
  byId = false,
}: {
  readonly items: readonly ErrorItem[];
  /** Names each by its id, where all have one title. */
  readonly byId?: boolean;
}) =>
  items.length === 0 ? (
    <Nothing>No error is like that.</Nothing>
  ) : (
    <table class="errors">
      <thead>
        <tr>
          <th scope="col">Received</th>
          <th scope="col">What</th>
          <th scope="col">Where</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.coordinate}>
            <td title={moment(item.receivedAt)}>{ago(item.receivedAt)}</td>
            <td>
              <a href={to('errors', item.coordinate)}>
                {(byId ? null : item.title) ?? item.id ?? item.coordinate}
              </a>
              <span class="facts">
                <code>{item.category ?? 'not classified'}</code>
                <Severity severity={item.severity} />
                {item.attempts === 0 ? null : <span>run again {item.attempts}×</span>}
              </span>
            </td>
            <td class="where">
              {item.repository ?? '–'}
              {item.environment === null ? null : <span>{item.environment}</span>}
            </td>
            <td>
              <StateBadge state={item.state} />
              {item.reason === null || item.reason === item.state ? null : (
                <span class="reason">{item.reason}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
