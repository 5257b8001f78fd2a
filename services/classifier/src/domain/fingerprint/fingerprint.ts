import { hash } from 'node:crypto';
import type { Fingerprint, Frame } from '@faultline/schemas';
import { maskMessage } from './mask-message.ts';

/** Version of the algorithm: it changes with whatever changes an id, and only new events get it. */
export const FINGERPRINT_VERSION = 'v1';

/** Frames of the project that count. */
const TOP_FRAMES = 3;

const ID_DIGITS = 32;

/** What a fingerprint is made of. */
export interface FingerprintInput {
  readonly type: string | null;
  /** The line that states the cause. */
  readonly message: string;
  /** Innermost first. */
  readonly frames: readonly Frame[];
  /** The producer's own grouping; `{{ default }}` stands for ours. */
  readonly explicit: readonly string[];
}

/**
 * Stable identity of a cause: explicit parts, else type and the project's top frames, else type and masked
 * message. `type` and `app` are the coarser steps of the hierarchy.
 */
export function fingerprintOf(input: FingerprintInput): Fingerprint {
  const type = input.type ?? '';
  const message = maskMessage(input.message);
  const typeId = digest('type', [type, message]);
  const frames = input.frames
    .filter((frame) => frame.inApp)
    .slice(0, TOP_FRAMES)
    .map(frameText);
  const app = frames.length === 0 ? null : digest('app', [type, ...frames]);
  const computed = app === null ? [type, message] : [type, ...frames];
  const explicit = input.explicit.filter((part) => part.trim() !== '');
  const components =
    explicit.length === 0
      ? computed
      : explicit.flatMap((part) => (/^\{\{\s*default\s*\}\}$/.test(part.trim()) ? computed : [part.trim()]));
  return { version: FINGERPRINT_VERSION, id: digest('id', components), type: typeId, app, components };
}

const frameText = (frame: Frame): string => frame.function ?? frame.file ?? '';

function digest(level: string, parts: readonly string[]): string {
  let text = `${FINGERPRINT_VERSION}:${level};`;
  for (const part of parts) text += `${part.length}:${part};`;
  return hash('sha256', text, 'hex').slice(0, ID_DIGITS);
}
