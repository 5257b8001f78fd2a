import { hash } from 'node:crypto';
import type { Fingerprint, Frame } from '@faultline/schemas';
import { maskMessage } from './mask-message.ts';
import { isTestFrame, testUnit } from './test-frames.ts';

/** Version of the algorithm: it changes with whatever changes an id, and only new events get it. */
export const FINGERPRINT_VERSION = 'v1';

/** Frames of the project that the middle step of the hierarchy holds. */
const TOP_FRAMES = 3;

const ID_DIGITS = 32;

/** What a fingerprint is made of. */
export interface FingerprintInput {
  readonly type: string | null;
  /** The line that states the cause. */
  readonly message: string;
  /** Innermost first. */
  readonly frames: readonly Frame[];
  /** What ran, such as `com.acme.FooTest::bar`. */
  readonly task: string | null;
  /** What a crash report is told from others by, where the text is one; it stands for the frames. */
  readonly crash?: readonly string[];
  /** The producer's own grouping; `{{ default }}` stands for ours. */
  readonly explicit: readonly string[];
}

/**
 * Stable identity of a cause: explicit parts, else type and the top frame of the project, else type and masked
 * message. A failed assertion is told by the test that makes it. `type` and `app` are the other steps of the
 * hierarchy: type and masked message; these and the top frames of the project.
 */
export function fingerprintOf(input: FingerprintInput): Fingerprint {
  const type = input.type ?? '';
  const message = maskMessage(input.message);
  const own = input.frames.filter((frame) => frame.inApp).map(frameText);
  const computed = input.crash === undefined ? computedParts(input, type, message) : [type, ...input.crash];
  const explicit = input.explicit.filter((part) => part.trim() !== '');
  const components =
    explicit.length === 0
      ? computed
      : explicit.flatMap((part) => (/^\{\{\s*default\s*\}\}$/.test(part.trim()) ? computed : [part.trim()]));
  return {
    version: FINGERPRINT_VERSION,
    id: digest('id', components),
    type: digest('type', [type, message]),
    app: own.length === 0 ? null : digest('app', [type, message, ...own.slice(0, TOP_FRAMES)]),
    components,
  };
}

const assertion = /Assert|Comparison|Expectation|Mismatch|TestFailed|^panic$/i;

function computedParts(input: FingerprintInput, type: string, message: string): readonly string[] {
  const own = input.frames.filter((frame) => frame.inApp);
  const product = own.find((frame) => !isTestFrame(frame));
  const [top] = own;
  if (product !== undefined && !(assertion.test(type) && own.some(isTestFrame)))
    return [type, frameText(product)];
  if (top === undefined) return [type, message];
  const unit = testUnit(input.task, own);
  return [type, unit, ...(frameText(top).startsWith(unit) ? [] : [frameText(top)])];
}

const frameText = (frame: Frame): string => frame.function ?? frame.file ?? '';

function digest(level: string, parts: readonly string[]): string {
  let text = `${FINGERPRINT_VERSION}:${level};`;
  for (const part of parts) text += `${part.length}:${part};`;
  return hash('sha256', text, 'hex').slice(0, ID_DIGITS);
}
