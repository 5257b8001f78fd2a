/**
 * The screen of a running line: where it stands, where to look, what to do. Under 25 rows.
 *
 * @param {Awaited<ReturnType<import('./status-report.mjs').collectStatus>>} status
 * @param {{ dataDir: string, logDir: string, replayRate: number | null, notes?: readonly string[], stopCommand: string }} context
 */
export function renderScreen(status, context) {
  const { line } = status;
  const lag = status.services.reduce(
    (sum, { lag: own }) => (own === null ? sum : (sum ?? 0) + own),
    /** @type {number | null} */ (null),
  );
  const number = (/** @type {number | null} */ value) =>
    value === null ? '–' : value.toLocaleString('en-US');
  const cells = [
    ['in', line.in],
    ['resolved', line.resolved],
    ['suppressed', line.suppressed],
    ['dead-lettered', line.deadLettered],
    ['escalated', line.escalated],
    ['in flight', line.inFlight],
    ['lag', lag],
  ];
  const width = (/** @type {(string | number | null)[]} */ [name, value]) =>
    Math.max(String(name).length, number(/** @type {number | null} */ (value)).length);
  const down = status.services.filter(({ ready }) => !ready).map(({ name }) => name);
  const alarms = [
    ...(down.length > 0 ? [`not ready: ${down.join(', ')}`] : []),
    ...Object.entries(status.up)
      .filter(([, up]) => up === false)
      .map(([name]) => `${name} does not answer`),
    ...((line.unaccounted ?? 0) !== 0 ? [`${line.unaccounted} records are unaccounted for`] : []),
    ...((line.overdue ?? 0) > 0 ? [`${line.overdue} records are past their deadline`] : []),
  ];
  return [
    `Faultline (${status.mode})  ${status.ready ? 'ready' : 'not ready'}${alarms.length > 0 ? `  ! ${alarms.join('; ')}` : ''}`,
    '',
    `  ${cells.map((cell) => String(cell[0]).padStart(width(cell))).join('   ')}`,
    `  ${cells.map((cell) => number(/** @type {number | null} */ (cell[1])).padStart(width(cell))).join('   ')}`,
    '',
    `  page and API   ${status.api ?? '–'}`,
    `  gateway        ${status.gateway ?? '–'}`,
    `  broker         ${status.brokers.join(',') || '–'}`,
    `  registry       ${status.registry ?? '–'}`,
    `  logs           ${context.logDir}`,
    `  replay         ${context.replayRate === null ? 'off' : `${context.replayRate} real errors a second`}`,
    '',
    `  send one       npx faultline send "npm error code ECONNRESET"`,
    `                 curl -sS ${status.gateway ?? 'GATEWAY'}/v1/errors -H 'content-type: application/json' -d '{"message":"it broke"}'`,
    `  watch          npx faultline tail errors.escalated`,
    `  stop           ${context.stopCommand}`,
    ...(context.notes ?? []).map((note) => `  > ${note}`),
  ];
}
