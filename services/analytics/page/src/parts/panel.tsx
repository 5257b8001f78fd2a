import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../api.ts';

/** A part of the page with a heading. */
export const Panel = ({
  title,
  aside,
  children,
  wide = false,
}: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}) => (
  <section class={wide ? 'panel wide' : 'panel'}>
    <header>
      <h2>{title}</h2>
      {aside === undefined ? null : <div class="aside">{aside}</div>}
    </header>
    {children}
  </section>
);

/** Says why something cannot be shown, and what to do about it. */
export const Failure = ({ failure }: { readonly failure: ApiFailure }) => (
  <p class="failure" role="alert">
    <strong>{failure.message}</strong> {failure.remedy}
  </p>
);

/** What is said where there is nothing. */
export const Nothing = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="nothing">{children}</p>
);

/** One number with its name. */
export const Stat = ({
  name,
  value,
  note,
  tone,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly tone?: string;
}) => (
  <div class="stat" {...(tone === undefined ? {} : { style: `--c: var(${tone})` })}>
    <dt>{name}</dt>
    <dd>{value}</dd>
    {note === undefined ? null : <dd class="note">{note}</dd>}
  </div>
);
