/** Colours and names of what becomes of a record: the same everywhere on the page. */
const outcomes: Readonly<Record<string, readonly [label: string, variable: string]>> = {
  resolved: ['resolved', '--resolved'],
  escalated: ['escalated', '--escalated'],
  'in flight': ['in flight', '--flight'],
  'dead-lettered': ['dead letter', '--dead'],
  suppressed: ['repeat', '--repeat'],
};

/** Words for a state. */
export const stateLabel = (state: string): string =>
  outcomes[state]?.[0] ?? (state === 'delayed' ? 'waits for a retry' : state);

/** Custom property of the colour of a state. */
export const stateColour = (state: string): string => outcomes[state]?.[1] ?? '--flight';

/** Order in which outcomes are stacked, from below. */
export const stackOrder = ['resolved', 'escalated', 'dead-lettered', 'in flight', 'suppressed'];
