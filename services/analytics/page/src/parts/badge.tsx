import { stateColour, stateLabel } from './outcomes.ts';

/** How a record stands, as a word with its colour. */
export const StateBadge = ({ state }: { readonly state: string }) => (
  <span class="badge" style={`--c: var(${stateColour(state)})`}>
    {stateLabel(state)}
  </span>
);

/** How bad something is. */
export const Severity = ({ severity }: { readonly severity: string | null }) =>
  severity === null || severity === 'UNKNOWN' ? null : <span class={`severity ${severity}`}>{severity}</span>;
