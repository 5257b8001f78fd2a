/**
 * Totals of a report of vitest's JSON reporter. A file that could not be run at all (it does not
 * load, its hooks failed) counts as one failure; so does a run that failed without a failed test.
 *
 * @param {any} report
 * @param {number} exitCode of the run
 * @returns {{ passed: number, failed: number, skipped: number, failures: string[] }}
 */
export function summariseVitest(report, exitCode) {
  const files = /** @type {any[]} */ (report?.testResults ?? []);
  const assertions = files.flatMap((file) =>
    file.assertionResults.map((each) => ({ ...each, file: file.name })),
  );
  const count = (/** @type {string[]} */ ...statuses) =>
    assertions.filter(({ status }) => statuses.includes(status)).length;
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failures = [
    ...assertions
      .filter(({ status }) => status === 'failed')
      .map(({ file, fullName }) => `${file}: ${fullName}`),
    ...broken.map((file) => `${file.name}: ${String(file.message ?? 'could not be run').split('\n')[0]}`),
  ];
  if (failures.length === 0 && exitCode !== 0)
    failures.push(`vitest ended with ${exitCode} without a failed test`);
  return {
    passed: count('passed'),
    failed: failures.length,
    skipped: count('pending', 'skipped', 'todo', 'disabled'),
    failures,
  };
}
