import type { ShapeName } from './fix-rule.ts';

/**
 * What a value taken from a log must look like before it goes into a proposal. All are anchored, bounded in
 * length, free of white space and of anything that a shell, a URL or a path gives a meaning to; none but
 * an identifier begins with a dash, which a command would read as an option.
 */
const patterns: Readonly<Record<ShapeName, RegExp>> = {
  'npm-package': /^(?:@[a-z\d][a-z\d._-]{0,99}\/)?[a-z\d][a-z\d._-]{0,99}$/,
  'python-module': /^[A-Za-z_]\w{0,99}(?:\.\w{1,99}){0,9}$/,
  'python-package': /^[A-Za-z\d][A-Za-z\d._-]{0,99}$/,
  'go-module': /^[a-z\d][a-z\d.-]{0,99}\.[a-z]{2,20}(?:\/[\w][\w.~-]{0,99}){1,9}$/,
  'rust-crate': /^[A-Za-z][\w-]{0,63}$/,
  'maven-coordinate': /^[A-Za-z\d][\w.-]{0,149}:[A-Za-z\d][\w.-]{0,99}(?::[\w.-]{1,40}){0,3}$/,
  'docker-image': /^[a-z\d][\w.-]{0,99}(?::\d{1,5})?(?:\/[a-z\d][\w.-]{0,99}){0,5}(?::\w[\w.-]{0,99})?$/,
  'command-name': /^[A-Za-z\d][\w+.-]{0,49}$/,
  'environment-name': /^[A-Za-z_]\w{0,99}$/,
  'system-header': /^[A-Za-z\d_][\w-]{0,49}(?:\/[\w-]{1,50}){0,4}\.(?:h|hpp)$/,
  'repository-path': /^(?:[\w@][\w@.+-]{0,99}\/){0,11}[\w@.][\w@.+-]{0,99}$/,
  'branch-name': /^[A-Za-z\d][\w.-]{0,99}(?:\/[A-Za-z\d][\w.-]{0,99}){0,5}$/,
  version: /^v?\d{1,6}(?:\.\d{1,6}){0,3}(?:[-+][\w.]{1,40})?$/,
  number: /^\d{1,12}$/,
  identifier: /^[\w.+=-]{1,60}$/, // may begin with a dash: for words that are shown, not run
  'host-name': /^[a-z\d](?:[a-z\d-]{0,62}\.){1,8}[a-z]{2,24}$/i,
};

/** Whether a value has the shape. Paths are checked against the allow-list besides. */
export const hasShape = (shape: ShapeName, value: string): boolean =>
  patterns[shape].test(value) && !value.includes('..');

/** A value as one word of a POSIX shell. What a shape lets through needs no quotes, and gets them nevertheless. */
export const shellWord = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
