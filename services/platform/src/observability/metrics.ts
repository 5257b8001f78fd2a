import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { metrics as specs, type MetricName, type MetricSpec } from './metric-names.ts';

/** Values of labels, by name. */
export type Labels = Readonly<Record<string, string | number>>;

/** Every metric of the product, by its typed name. Count in plain integers per batch, then call once. */
export class Metrics {
  readonly registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  constructor(options: { readonly process?: boolean } = {}) {
    if (options.process ?? false) collectDefaultMetrics({ register: this.registry });
    for (const [name, spec] of Object.entries(specs) as [MetricName, MetricSpec][]) this.#create(name, spec);
  }

  /** Adds to a counter. */
  inc(name: MetricName, labels: Labels, by = 1): void {
    this.#counters.get(name)?.inc({ ...labels }, by);
  }

  /** Sets a gauge. */
  set(name: MetricName, labels: Labels, value: number): void {
    this.#gauges.get(name)?.set({ ...labels }, value);
  }

  /** Drops all series of a gauge, such as the lag of partitions that went elsewhere. */
  reset(name: MetricName): void {
    this.#gauges.get(name)?.reset();
  }

  /** Adds a measurement in seconds. */
  observe(name: MetricName, labels: Labels, seconds: number): void {
    this.#histograms.get(name)?.observe({ ...labels }, seconds);
  }

  /** The Prometheus text. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }

  #create(name: MetricName, spec: MetricSpec): void {
    const options = { name, help: spec.help, labelNames: [...spec.labels], registers: [this.registry] };
    if (spec.kind === 'counter') this.#counters.set(name, new Counter(options));
    else if (spec.kind === 'gauge') this.#gauges.set(name, new Gauge(options));
    else this.#histograms.set(name, new Histogram({ ...options, buckets: [...(spec.buckets ?? [])] }));
  }
}
