/**
 * A browser without a locale of its own may name one that Intl refuses, such as `en-US@posix`; the plots ask for it
 * while they are loaded, so this comes before them.
 */
try {
  void new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
