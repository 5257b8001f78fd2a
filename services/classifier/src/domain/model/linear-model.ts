import { FEATURE_BUCKETS, modelFeatures } from './model-features.ts';
import type { ModelInput } from './model-input.ts';

/** A linear model as it is stored: a snapshot. */
export interface ModelBody {
  readonly format: 1;
  readonly categories: readonly string[];
  /** One weight for each category and bucket, a signed byte times `scale`, base64, category by category. */
  readonly weights: string;
  readonly scale: number;
  readonly bias: readonly number[];
  /** Divides the scores before they become probabilities (Guo et al., 2017). */
  readonly temperature: number;
  /** Labels that it has learned from. */
  readonly examples: number;
}

/** What the model says. */
export interface Prediction {
  readonly category: string;
  /** Calibrated probability. */
  readonly confidence: number;
  /** The features that spoke most for it, strongest first. */
  readonly reasons: readonly { readonly feature: string; readonly weight: number }[];
}

/** Features that an explanation names. */
const REASONS = 5;
/** Fewer features than this are too little to say anything. */
const MIN_FEATURES = 4;

/** Multinomial logistic regression over hashed features; learns from one confirmed label at a time. */
export class LinearModel {
  readonly #categories: string[];
  /** Weights of all categories for one bucket after another, so that one feature reads one run of memory. */
  #weights: Float32Array;
  #bias: number[];
  readonly #temperature: number;
  #examples: number;

  constructor(body: ModelBody) {
    this.#categories = [...body.categories];
    const count = body.categories.length;
    const bytes = Buffer.from(body.weights, 'base64');
    this.#weights = new Float32Array(count * FEATURE_BUCKETS);
    for (let category = 0; category < count; category += 1) {
      for (let bucket = 0; bucket < FEATURE_BUCKETS; bucket += 1) {
        const at = category * FEATURE_BUCKETS + bucket;
        if (at < bytes.length) this.#weights[bucket * count + category] = bytes.readInt8(at) * body.scale;
      }
    }
    this.#bias = [...body.bias];
    this.#temperature = body.temperature;
    this.#examples = body.examples;
  }

  /** The most likely category, or undefined where the model knows none or there is nothing to go by. */
  predict(input: ModelInput): Prediction | undefined {
    const features = featuresOf(input);
    if (this.#categories.length === 0 || features.length < MIN_FEATURES) return undefined;
    const norm = 1 / Math.sqrt(features.length);
    const probabilities = softmax(this.#scores(features, norm).map((score) => score / this.#temperature));
    const best = probabilities.indexOf(Math.max(...probabilities));
    const reasons = features
      .map(({ bucket, name }) => ({
        feature: name,
        weight: (this.#weights[bucket * this.#categories.length + best] as number) * norm,
      }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, REASONS)
      .filter(({ weight }) => weight > 0);
    return { category: this.#categories[best] as string, confidence: probabilities[best] as number, reasons };
  }

  /** Learns from one confirmed label: a step against the gradient of the logistic loss, with weight decay. */
  learn(input: ModelInput, category: string, rate = 0.5, decay = 1e-5): void {
    const features = featuresOf(input);
    const label = this.#indexOf(category);
    const norm = 1 / Math.sqrt(Math.max(1, features.length));
    const probabilities = softmax(this.#scores(features, norm));
    this.#categories.forEach((_, index) => {
      const error = (index === label ? 1 : 0) - (probabilities[index] as number);
      if (Math.abs(error) < 1e-4) return;
      for (const { bucket } of features) {
        const at = bucket * this.#categories.length + index;
        const weight = this.#weights[at] as number;
        this.#weights[at] = weight * (1 - decay) + rate * error * norm;
      }
      this.#bias[index] = (this.#bias[index] as number) + 0.1 * rate * error;
    });
    this.#examples += 1;
  }

  /** The model as it stands, to be stored. */
  snapshot(temperature = this.#temperature): ModelBody {
    let largest = 0;
    for (const weight of this.#weights) largest = Math.max(largest, Math.abs(weight));
    const scale = largest === 0 ? 1 : largest / 127; // the range of a signed byte
    const bytes = Buffer.alloc(this.#weights.length);
    const count = this.#categories.length;
    this.#weights.forEach((weight, at) =>
      bytes.writeInt8(Math.round(weight / scale), (at % count) * FEATURE_BUCKETS + Math.floor(at / count)),
    );
    return {
      format: 1,
      categories: [...this.#categories],
      weights: bytes.toString('base64'),
      scale,
      bias: [...this.#bias],
      temperature,
      examples: this.#examples,
    };
  }

  #scores(features: readonly Feature[], norm: number): number[] {
    const count = this.#categories.length;
    const scores = new Float64Array(count);
    for (const { bucket } of features) {
      const offset = bucket * count;
      for (let index = 0; index < count; index += 1) {
        scores[index] = (scores[index] as number) + (this.#weights[offset + index] as number);
      }
    }
    return Array.from(scores, (score, index) => score * norm + (this.#bias[index] as number));
  }

  #indexOf(category: string): number {
    const known = this.#categories.indexOf(category);
    if (known >= 0) return known;
    this.#categories.push(category);
    this.#bias.push(0);
    const count = this.#categories.length;
    const grown = new Float32Array(count * FEATURE_BUCKETS);
    for (let bucket = 0; bucket < FEATURE_BUCKETS; bucket += 1) {
      grown.set(this.#weights.subarray(bucket * (count - 1), (bucket + 1) * (count - 1)), bucket * count);
    }
    this.#weights = grown;
    return this.#categories.length - 1;
  }
}

interface Feature {
  readonly bucket: number;
  readonly name: string;
}

function featuresOf(input: ModelInput): readonly Feature[] {
  const features: Feature[] = [];
  modelFeatures(input, (bucket, name) => features.push({ bucket, name }));
  return features;
}

function softmax(scores: readonly number[]): readonly number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
