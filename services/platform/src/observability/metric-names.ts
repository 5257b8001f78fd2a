/** One metric of the product. Labels are bounded: a fingerprint is never one. */
export interface MetricSpec {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const PROCESSING_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RESOLUTION_SECONDS = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600];

/** Every metric, by name. */
export const metrics = {
  faultline_records_received_total: {
    kind: 'counter',
    help: 'Records that a stage took from a topic, in committed transactions.',
    labels: ['stage', 'topic'],
  },
  faultline_outcomes_total: {
    kind: 'counter',
    help: 'Transitions by stage, state behind them and reason.',
    labels: ['stage', 'outcome', 'reason'],
  },
  faultline_in_flight_records: {
    kind: 'gauge',
    help: 'Records received and not yet at an end.',
    labels: [],
  },
  faultline_overdue_records: {
    kind: 'gauge',
    help: 'Records past their deadline and not at an end.',
    labels: [],
  },
  faultline_unaccounted_records: {
    kind: 'gauge',
    help: 'Records received less those that ended or are in flight; anything but 0 is a loss or a double.',
    labels: [],
  },
  faultline_lag_records: {
    kind: 'gauge',
    help: 'Records between the committed offset and the end of the partition.',
    labels: ['topic', 'partition', 'group'],
  },
  faultline_stage_seconds: {
    kind: 'histogram',
    help: 'From taking a batch to its commit.',
    labels: ['stage'],
    buckets: PROCESSING_SECONDS,
  },
  faultline_line_seconds: {
    kind: 'histogram',
    help: 'From the broker taking a record to its end.',
    labels: [],
    buckets: RESOLUTION_SECONDS,
  },
  faultline_dead_letters_total: {
    kind: 'counter',
    help: 'Dead letters by stage and reason.',
    labels: ['stage', 'reason'],
  },
  faultline_resolution_ratio: {
    kind: 'gauge',
    help: 'Share of the records that a stage ended as resolved, over the last hour.',
    labels: ['stage'],
  },
  faultline_component_up: {
    kind: 'gauge',
    help: '1 where a component or dependency works, 0 where it is down.',
    labels: ['component'],
  },
  faultline_aborts_total: {
    kind: 'counter',
    help: 'Transactions that were aborted or whose end was unknown.',
    labels: ['stage', 'reason'],
  },
  faultline_effects_total: {
    kind: 'counter',
    help: 'Calls to outside systems by channel and result.',
    labels: ['channel', 'result'],
  },
  faultline_inbox_records_total: {
    kind: 'counter',
    help: 'Records that an inbox committed to Postgres.',
    labels: ['group'],
  },
  faultline_outbox_records_total: {
    kind: 'counter',
    help: 'Records that an outbox committed to a topic.',
    labels: ['shard'],
  },
} as const satisfies Record<string, MetricSpec>;

/** Name of a metric; an unknown name does not compile. */
export type MetricName = keyof typeof metrics;

/** All names, for documents and checks of dashboards and alerts. */
export const metricNames = Object.keys(metrics) as readonly MetricName[];
