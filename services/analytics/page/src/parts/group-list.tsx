import type { GroupItem } from '../../../src/queries/groups.ts';
import { ago, count } from '../format.ts';
import { to } from '../router.ts';
import { Severity } from './badge.tsx';
import { Sparkline } from './sparkline.tsx';

const states: Readonly<Record<GroupItem['state'], string>> = {
  open: '',
  resolved: 'resolved',
  muted: 'muted',
  regressed: 'came back',
};

/** Groups as rows: what it is, how it went in the last day, how it ended. */
export const GroupList = ({ groups }: { readonly groups: readonly GroupItem[] }) => (
  <ul class="groups">
    {groups.map((group) => (
      <li key={group.fingerprint}>
        <a href={to('groups', group.fingerprint)}>
          <span class="title">{group.title}</span>
          <span class="facts">
            <code>{group.category}</code>
            <Severity severity={group.severity} />
            {states[group.state] === '' ? null : (
              <span class={`state ${group.state}`}>{states[group.state]}</span>
            )}
            {group.owner === null ? null : <span>{group.owner}</span>}
            {group.repository === null ? null : <span class="repo">{group.repository}</span>}
          </span>
        </a>
        <Sparkline counts={group.hours} label="Last 24 hours" />
        <span class="total">
          <b>{count(group.total)}</b>
          <span>last {ago(group.lastAt)}</span>
        </span>
        <Ending group={group} />
      </li>
    ))}
  </ul>
);

/** How the errors of a group ended, as one bar. */
function Ending({ group }: { readonly group: GroupItem }) {
  const parts = [
    ['resolved', group.resolved, '--resolved'],
    ['escalated', group.escalated, '--escalated'],
    ['in flight', group.inFlight, '--flight'],
    ['others', group.total - group.resolved - group.escalated - group.inFlight, '--repeat'],
  ] as const;
  const label = parts
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${count(n)} ${name}`)
    .join(', ');
  return (
    <span class="ending">
      <span class="stack" role="img" aria-label={label}>
        {parts.map(([, n, colour]) =>
          n > 0 ? <i style={`flex: ${n}; background: var(${colour})`} /> : null,
        )}
      </span>
      <span class="words">{label}</span>
    </span>
  );
}
