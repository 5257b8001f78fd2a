import { useEffect, useState } from 'preact/hooks';

/** Where the page stands: the parts of the hash behind `#/`, and its query. */
export interface Route {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

function current(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '');
  return { parts: parts.map(decodeURIComponent), query: new URLSearchParams(query) };
}

/** The route, followed as it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const follow = (): void => setRoute(current());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** An address within the page. */
export const to = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;
