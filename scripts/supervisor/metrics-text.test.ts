import { expect, test } from 'vitest';
import { sumMetric } from './metrics-text.mjs';

const text = `# HELP faultline_lag_records x
# TYPE faultline_lag_records gauge
faultline_lag_records{topic="errors.raw",partition="0",group="a b}c"} 3
faultline_lag_records{topic="errors.raw",partition="1",group="g"} 1.5e1 1700000000000
faultline_lag_records_other 99
faultline_in_flight_records 4
`;

test('all series of one metric, and no other metric', () => {
  expect(sumMetric(text, 'faultline_lag_records')).toBe(18);
  expect(sumMetric(text, 'faultline_in_flight_records')).toBe(4);
});

test('a metric that is not there has no sum', () => {
  expect(sumMetric(text, 'faultline_lag')).toBeNull();
});
