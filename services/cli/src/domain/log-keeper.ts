/** Share of what is kept that comes from the beginning. */
const HEAD_SHARE = 0.25;

/**
 * Keeps the beginning and the end of an output that may never end, in bounded memory: what a log needs before it
 * is cut at lines.
 */
export class LogKeeper {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #omittedBytes = 0;
  #omittedLines = 0;

  constructor(maxBytes: number) {
    this.#headLimit = Math.floor(maxBytes * HEAD_SHARE);
    this.#tailLimit = maxBytes - this.#headLimit;
  }

  /** Takes the next bytes of the output. */
  add(chunk: Buffer): void {
    const room = this.#headLimit - this.#headBytes;
    const head = chunk.subarray(0, Math.max(0, room));
    if (head.length > 0) {
      this.#head.push(head);
      this.#headBytes += head.length;
    }
    const rest = chunk.subarray(head.length);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tailBytes > this.#tailLimit) this.#dropFront(this.#tailBytes - this.#tailLimit);
  }

  /** Whether anything was left out. */
  get truncated(): boolean {
    return this.#omittedBytes > 0;
  }

  /** Lines that were left out. */
  get omittedLines(): number {
    return this.#omittedLines;
  }

  /** What was kept, with a line in place of what was not. */
  text(): string {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (!this.truncated) return Buffer.concat([head, tail]).toString('utf8');
    const gap = `\n[${this.#omittedLines} lines, ${this.#omittedBytes} bytes left out]\n`;
    return `${head.toString('utf8')}${gap}${tail.toString('utf8')}`;
  }

  #dropFront(bytes: number): void {
    const [first] = this.#tail;
    if (first === undefined) return;
    const dropped = first.subarray(0, bytes);
    for (const byte of dropped) if (byte === 0x0a) this.#omittedLines += 1;
    this.#omittedBytes += dropped.length;
    this.#tailBytes -= dropped.length;
    if (dropped.length === first.length) this.#tail.shift();
    else this.#tail[0] = first.subarray(dropped.length);
  }
}
