import { useEffect, useState } from 'preact/hooks';
import { ask, keepToken, useApi } from './api.ts';
import { useLive } from './live.ts';
import { to, useRoute } from './router.ts';
import { DeadLetters } from './views/dead-letters.tsx';
import { ErrorStory } from './views/error-story.tsx';
import { Errors } from './views/errors.tsx';
import { Group } from './views/group.tsx';
import { Groups } from './views/groups.tsx';
import { HealthView } from './views/health.tsx';
import { Incident } from './views/incident.tsx';
import { Incidents } from './views/incidents.tsx';
import { Mailbox } from './views/mailbox.tsx';
import { Overview } from './views/overview.tsx';
import { Retries } from './views/retries.tsx';

const pages = [
  ['', 'Overview'],
  ['groups', 'Groups'],
  ['errors', 'Errors'],
  ['incidents', 'Incidents'],
  ['retries', 'Retries'],
  ['dead-letters', 'Dead letters'],
  ['mailbox', 'Mailbox'],
  ['health', 'Health'],
] as const;

/** The whole page. */
export function App() {
  const { parts, query } = useRoute();
  const [page = '', id] = parts;
  const { live, connected } = useLive();
  const { data: mailbox } = useApi<{ readonly unread: number }>('api/v1/mailbox?limit=1', 15_000);
  const { failure } = useApi('api/v1/line', 30_000);

  useEffect(() => {
    const title = pages.find(([name]) => name === page)?.[1] ?? 'Error';
    document.title = `${title} · Faultline`;
    document.querySelector('main')?.scrollTo(0, 0);
    scrollTo(0, 0);
  }, [parts.join('/')]);
  useShortcuts();

  const view = (): preact.ComponentChild => {
    switch (page) {
      case '':
        return <Overview live={live} />;
      case 'groups':
        return id === undefined ? <Groups /> : <Group fingerprint={id} />;
      case 'errors':
        return id === undefined ? <Errors query={query} /> : <ErrorStory id={id} />;
      case 'incidents':
        return id === undefined ? <Incidents /> : <Incident id={id} />;
      case 'retries':
        return <Retries />;
      case 'dead-letters':
        return <DeadLetters />;
      case 'mailbox':
        return <Mailbox />;
      case 'health':
        return <HealthView />;
      default:
        return (
          <p class="nothing">
            There is no such page. <a href={to()}>Back to the overview</a>
          </p>
        );
    }
  };

  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href={to()} aria-label="Faultline, overview">
          <svg viewBox="0 0 32 20" aria-hidden="true">
            <path
              d="M1 6h9l5 11 5-9h11"
              fill="none"
              stroke="currentColor"
              stroke-width="3"
              stroke-linejoin="round"
            />
          </svg>
          Faultline
        </a>
        <nav aria-label="Pages">
          {pages.map(([name, label]) => (
            <a
              href={to(...(name === '' ? [] : [name]))}
              {...(page === name ? { 'aria-current': 'page' } : {})}
            >
              {label}
              {name === 'mailbox' && (mailbox?.unread ?? 0) > 0 ? (
                <b class="unread">{mailbox?.unread}</b>
              ) : null}
            </a>
          ))}
        </nav>
        <div class="tools">
          <span class={connected ? 'pulse on' : 'pulse'} role="status">
            {connected ? 'live' : 'not live'}
          </span>
          <ThemeButton />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {failure?.status === 401 ? <TokenForm remedy={failure.remedy} /> : view()}
      </main>
    </>
  );
}

const skip = (event: Event): void => {
  event.preventDefault(); // the hash is the router's
  document.getElementById('content')?.focus();
};

function ThemeButton() {
  const [theme, setTheme] = useState(() => localStorage.getItem('theme') ?? 'auto');
  useEffect(() => {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset['theme'] = theme;
    dispatchEvent(new Event('theme'));
  }, [theme]);
  const next = theme === 'auto' ? 'dark' : theme === 'dark' ? 'light' : 'auto';
  return (
    <button
      type="button"
      class="plain"
      onClick={() => setTheme(next)}
      aria-label={`Colours: ${theme}. Change to ${next}.`}
    >
      {theme === 'auto' ? '◐' : theme === 'dark' ? '●' : '○'}
    </button>
  );
}

function TokenForm({ remedy }: { readonly remedy: string }) {
  const [wrong, setWrong] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    keepToken(String(token));
    try {
      await ask('api/v1/line');
      location.reload();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form class="token" onSubmit={(event) => void submit(event)}>
      <h1>A token is needed</h1>
      <p>{remedy}</p>
      <label>
        Token <input name="token" type="password" autocomplete="off" required />
      </label>
      <button type="submit">Enter</button>
      {wrong === '' ? null : <p role="alert">{wrong}</p>}
    </form>
  );
}

/** `/` goes to the search, `g` and a letter to a page. */
function useShortcuts(): void {
  useEffect(() => {
    let leader = false;
    const press = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
        return;
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type=search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
      } else if (leader) {
        const page = pages.find(([, label]) => label.toLowerCase().startsWith(event.key));
        if (page !== undefined) location.hash = to(...(page[0] === '' ? [] : [page[0]]));
      }
      leader = event.key === 'g' && !leader;
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
