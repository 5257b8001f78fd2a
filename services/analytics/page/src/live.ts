import { useEffect, useState } from 'preact/hooks';
import type { Line } from '../../src/domain/line/line-ledger.ts';
import type { FlowStep } from '../../src/queries/overview.ts';
import { authorization } from './api.ts';

/** What comes each second. */
export interface Live {
  readonly at: number;
  readonly line: Line;
  readonly flow: readonly FlowStep[];
}

const AGAIN_MS = 2_000;

/** The line as it is now, by server-sent events; undefined until the first, `connected` says whether they come. */
export function useLive(): { readonly live: Live | undefined; readonly connected: boolean } {
  const [live, setLive] = useState<Live>();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    void follow(ending.signal, setLive, setConnected);
    return () => ending.abort();
  }, []);
  return { live, connected };
}

async function follow(
  signal: AbortSignal,
  onLive: (live: Live) => void,
  onConnected: (connected: boolean) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      // EventSource cannot send a token
      const response = await fetch('api/v1/live', { signal, headers: authorization() });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      while (response.ok && reader !== undefined) {
        const { done, value } = await reader.read();
        if (done) break;
        const events = (rest + value).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          const [, data] = /^event: line\ndata: (.*)$/s.exec(event) ?? [];
          if (data === undefined) continue;
          onConnected(true);
          onLive(JSON.parse(data) as Live);
        }
      }
    } catch {
      // the loop tries again, and the page says that it is not live
    }
    if (signal.aborted) return;
    onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
