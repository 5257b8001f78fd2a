import type { FlowStep } from '../../../src/queries/overview.ts';
import { count } from '../format.ts';
import { to } from '../router.ts';

const stops = [
  ['raw', 'errors.raw', 'received'],
  ['classified', 'errors.classified', 'classifier'],
  ['delayed', 'errors.delayed', 'retrier'],
  ['fixable', 'errors.fixable', 'retrier gave up'],
  ['unresolved', 'errors.unresolved', 'fixer gave up'],
  ['escalated', 'errors.escalated', 'escalator'],
] as const;
const exits = [
  ['resolved', '--resolved'],
  ['suppressed', '--repeat'],
  ['dead-lettered', '--dead'],
] as const;

/** The topics of the line one after the other: how many came in five minutes, how many wait. */
export function LineFlow({ flow }: { readonly flow: readonly FlowStep[] }) {
  const of = (state: string): FlowStep =>
    flow.find((step) => step.state === state) ?? { state, waiting: 0, arrived: 0 };
  const most = Math.max(1, ...flow.map(({ arrived }) => arrived));
  return (
    <div class="flow">
      <ol>
        {stops.map(([state, topic, by]) => {
          const { arrived, waiting } = of(state);
          const href = state === 'raw' ? to('errors') : `${to('errors')}?state=${state}`;
          return (
            <li class={state} style={`--w: ${(arrived / most).toFixed(3)}`}>
              <a href={href}>
                <span class="topic">{topic}</span>
                <b>{count(arrived)}</b>
                <span class="by">{by}</span>
                {waiting > 0 ? <span class="waiting">{count(waiting)} waiting</span> : null}
              </a>
            </li>
          );
        })}
      </ol>
      <p class="exits">
        in five minutes; left the line on the way:{' '}
        {exits.map(([state, colour]) => (
          <a href={`${to('errors')}?state=${state}`} class="key" style={`--c: var(${colour})`}>
            {state === 'suppressed' ? 'repeats' : state === 'dead-lettered' ? 'dead letters' : state}{' '}
            <b>{count(of(state).arrived)}</b>
          </a>
        ))}
      </p>
    </div>
  );
}
