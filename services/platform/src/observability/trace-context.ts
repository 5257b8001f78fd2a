import { hashOf } from '@faultline/stream';

/** W3C trace context (https://www.w3.org/TR/trace-context/): version, trace id, parent id, flags. */
const shape = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header as it was read, where it is well formed. */
export function readTraceparent(header: Buffer | undefined): string | undefined {
  const text = header?.toString('latin1');
  return text !== undefined && shape.test(text) ? text : undefined;
}

/** The next hop's header: the same trace, with the transition as the parent span. */
export function nextTraceparent(current: string | undefined, coordinate: string, transition: string): string {
  const trace = current?.slice(3, 35) ?? hashOf('trace', coordinate).slice(0, 32);
  return `00-${trace}-${transition.slice(0, 16)}-01`;
}
