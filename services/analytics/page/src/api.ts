import { useEffect, useState } from 'preact/hooks';

const TOKEN = 'faultline token';

/** An answer of the API that is an error. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly remedy: string;

  constructor(status: number, message: string, remedy: string) {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }
}

/** Keeps a token for this tab. */
export const keepToken = (token: string): void => sessionStorage.setItem(TOKEN, token);

/** Headers of a request: the token, where one is kept. */
export function authorization(): Record<string, string> {
  const token = sessionStorage.getItem(TOKEN);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Asks the API. Rejects with {@link ApiFailure}. */
export async function ask<Answer>(path: string, init: { readonly post?: object } = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      headers: {
        ...authorization(),
        ...(init.post === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.post === undefined ? {} : { method: 'POST', body: JSON.stringify(init.post) }),
    });
  } catch {
    throw new ApiFailure(
      0,
      'The service does not answer.',
      'See npm run status; the page tries again by itself.',
    );
  }
  const body = (await response.json().catch(() => ({}))) as {
    readonly error?: { readonly message: string; readonly remedy: string };
  };
  if (response.ok) return body as Answer;
  throw new ApiFailure(
    response.status,
    body.error?.message ?? `status ${response.status}`,
    body.error?.remedy ?? '',
  );
}

/** What a request came to. */
export interface Loaded<Answer> {
  readonly data: Answer | undefined;
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

/** Asks the API for a path, again each `everyMs`; what was there stays until the new is. */
export function useApi<Answer>(path: string, everyMs = 0): Loaded<Answer> {
  const [state, setState] = useState<{ path: string; data?: Answer; failure?: ApiFailure }>({ path });
  const [count, setCount] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const data = await ask<Answer>(path);
        if (!over) setState({ path, data });
      } catch (error) {
        if (!over && error instanceof ApiFailure) {
          setState((before) => ({ ...(before.path === path ? before : {}), path, failure: error }));
        }
      }
      if (!over && everyMs > 0) timer = setTimeout(() => void load(), everyMs);
    };
    void load();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [path, everyMs, count]);
  const current = state.path === path ? state : undefined;
  return { data: current?.data, failure: current?.failure, reload: () => setCount((before) => before + 1) };
}
