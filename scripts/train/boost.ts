/** One tree as flat arrays: feature < 0 marks a leaf, whose value stands in `at`. */
export interface Tree {
  readonly feature: readonly number[];
  readonly at: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** How trees are grown. */
export interface BoostOptions {
  readonly rounds: number;
  readonly depth: number;
  readonly rate: number;
  readonly minRows: number;
  readonly l2: number;
  /** Share of the features that a tree looks at. */
  readonly columns: number;
  readonly random: () => number;
}

const BINS = 32;

/** Gradient boosting of regression trees on the logistic loss (Friedman, 2001), with histograms of 32 bins. */
export function boost(
  rows: Float32Array,
  width: number,
  labels: Uint8Array,
  weights: Float32Array,
  options: BoostOptions,
): { readonly base: number; readonly trees: readonly Tree[] } {
  const count = labels.length;
  const edges = quantileEdges(rows, width, count);
  const bins = new Uint8Array(count * width);
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < width; column += 1) {
      bins[column * count + row] = binOf(edges[column] as Float32Array, rows[row * width + column] as number);
    }
  }
  let positive = 0;
  let total = 0;
  for (let row = 0; row < count; row += 1) {
    positive += (labels[row] as number) * (weights[row] as number);
    total += weights[row] as number;
  }
  const base = Math.log(positive / (total - positive));
  const score = new Float64Array(count).fill(base);
  const gradient = new Float64Array(count);
  const hessian = new Float64Array(count);
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (let row = 0; row < count; row += 1) {
      const p = 1 / (1 + Math.exp(-(score[row] as number)));
      gradient[row] = (p - (labels[row] as number)) * (weights[row] as number);
      hessian[row] = Math.max(1e-6, p * (1 - p)) * (weights[row] as number);
    }
    const columns = Array.from({ length: width }, (_, column) => column).filter(
      () => options.random() < options.columns,
    );
    trees.push(grow(bins, count, edges, columns, gradient, hessian, score, options));
  }
  return { base, trees };
}

interface Split {
  readonly gain: number;
  readonly column: number;
  readonly bin: number;
}

function grow(
  bins: Uint8Array,
  count: number,
  edges: readonly Float32Array[],
  columns: readonly number[],
  gradient: Float64Array,
  hessian: Float64Array,
  score: Float64Array,
  options: BoostOptions,
): Tree {
  const tree = { feature: [] as number[], at: [] as number[], left: [] as number[], right: [] as number[] };
  const add = (): number => {
    tree.feature.push(-1);
    tree.at.push(0);
    tree.left.push(0);
    tree.right.push(0);
    return tree.feature.length - 1;
  };
  const queue = [{ node: add(), rows: Uint32Array.from({ length: count }, (_, row) => row), depth: 0 }];
  for (const { node, rows, depth } of queue) {
    const split =
      depth < options.depth && rows.length >= 2 * options.minRows
        ? bestSplit(bins, count, columns, rows, gradient, hessian, options)
        : undefined;
    if (split === undefined) {
      let g = 0;
      let h = 0;
      for (const row of rows) {
        g += gradient[row] as number;
        h += hessian[row] as number;
      }
      const value = (-g / (h + options.l2)) * options.rate;
      tree.at[node] = value;
      for (const row of rows) score[row] = (score[row] as number) + value;
      continue;
    }
    const offset = split.column * count;
    const leftRows = rows.filter((row) => (bins[offset + row] as number) <= split.bin);
    const rightRows = rows.filter((row) => (bins[offset + row] as number) > split.bin);
    tree.feature[node] = split.column;
    tree.at[node] = (edges[split.column] as Float32Array)[split.bin] as number;
    const left = add();
    const right = add();
    tree.left[node] = left;
    tree.right[node] = right;
    queue.push(
      { node: left, rows: leftRows, depth: depth + 1 },
      { node: right, rows: rightRows, depth: depth + 1 },
    );
  }
  return tree;
}

function bestSplit(
  bins: Uint8Array,
  count: number,
  columns: readonly number[],
  rows: Uint32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  options: BoostOptions,
): Split | undefined {
  let best: Split | undefined;
  const gs = new Float64Array(BINS);
  const hs = new Float64Array(BINS);
  const ns = new Uint32Array(BINS);
  for (const column of columns) {
    gs.fill(0);
    hs.fill(0);
    ns.fill(0);
    const offset = column * count;
    for (const row of rows) {
      const bin = bins[offset + row] as number;
      gs[bin] = (gs[bin] as number) + (gradient[row] as number);
      hs[bin] = (hs[bin] as number) + (hessian[row] as number);
      ns[bin] = (ns[bin] as number) + 1;
    }
    const g = gs.reduce((a, b) => a + b, 0);
    const h = hs.reduce((a, b) => a + b, 0);
    const parent = (g * g) / (h + options.l2);
    let gl = 0;
    let hl = 0;
    let nl = 0;
    for (let bin = 0; bin < BINS - 1; bin += 1) {
      gl += gs[bin] as number;
      hl += hs[bin] as number;
      nl += ns[bin] as number;
      if (nl < options.minRows) continue;
      if (rows.length - nl < options.minRows) break;
      const gain = (gl * gl) / (hl + options.l2) + ((g - gl) * (g - gl)) / (h - hl + options.l2) - parent;
      if (gain > 1e-3 && (best === undefined || gain > best.gain)) best = { gain, column, bin };
    }
  }
  return best;
}

function quantileEdges(rows: Float32Array, width: number, count: number): readonly Float32Array[] {
  const step = Math.max(1, Math.floor(count / 20_000));
  return Array.from({ length: width }, (_, column) => {
    const sample: number[] = [];
    for (let row = 0; row < count; row += step) sample.push(rows[row * width + column] as number);
    const distinct = [...new Set(sample)].sort((a, b) => a - b);
    if (distinct.length <= BINS) return Float32Array.from(distinct);
    sample.sort((a, b) => a - b);
    const picked = Array.from(
      { length: BINS - 1 },
      (_, bin) => sample[Math.floor(((bin + 1) * sample.length) / BINS)] as number,
    );
    return Float32Array.from([...new Set(picked)]);
  });
}

/** The first edge that the value does not exceed. */
function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = Math.min(edges.length, BINS - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
