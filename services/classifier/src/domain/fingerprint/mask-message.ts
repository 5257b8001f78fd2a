/** Longest part of a message that is masked and hashed, in UTF-16 units. */
export const MAX_MESSAGE_UNITS = 1000;

/**
 * What changes from run to run, in the order in which it is looked for: of two kinds that begin at the same
 * character the first wins. Each is bounded, so that the whole stays linear.
 */
const kinds = {
  email: String.raw`\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b`,
  url: String.raw`\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>()\[\]{}]{1,2000}`,
  traceparent: String.raw`\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b`,
  uuid: String.raw`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`,
  sha512: String.raw`\b(?:sha512[-:])[A-Za-z0-9+\/=]{40,130}`,
  date:
    String.raw`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?` +
    String.raw`|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2},?(?: \d{4})?(?: \d\d:\d\d(?::\d\d)?)?(?: \d{4})?\b` +
    String.raw`|\b\d{1,2}[\/.]\d{1,2}[\/.]\d{4}(?: \d\d:\d\d(?::\d\d)?)?\b|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b`,
  ip: String.raw`\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5}|\/\d{1,2})?\b|(?<![\w:])\[?(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}(?:::?[0-9a-fA-F]{1,4}){0,4}\]?(?::\d{1,5})?(?![\w:])`,
  host: String.raw`\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|dev|local|internal|svc|cloud|app|sh|ai|co|de|eu|uk|us|test|example)(?::\d{1,5})?\b(?![\/.\w(])`,
  temp: String.raw`(?:\/private)?\/(?:tmp|var\/folders|var\/tmp|run\/user)\/[^\s"'<>:()\[\],;]{1,400}|[A-Za-z]:\\Users\\[^\\\s"']{1,60}\\AppData\\Local\\Temp\\[^\s"'<>:()\[\],;]{1,300}`,
  path: String.raw`(?:[A-Za-z]:)?(?:[\\/](?:[\w.@+~%-]|\$\{?)[\w.@+~%{}$-]{0,120}){2,40}[\\/]?`,
  pod: String.raw`\b[a-z][a-z0-9-]{1,50}-(?:[0-9a-f]{8,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5})\b`,
  duration: String.raw`\b\d{1,12}(?:\.\d{1,9})?(?: ?(?:ns|us|µs|ms|msec|secs?|seconds?|mins?|minutes?|hours?|hrs?|days?)|[smhd](?:\d{1,4}(?:\.\d{1,9})?(?:ms|[smh])){0,3})\b`,
  size: String.raw`\b\d{1,15}(?:\.\d{1,6})? ?(?:[kKMGTP]i?B|bytes?)\b`,
  shard: String.raw`\b(?:shard|worker|job|node|chunk|part|batch|attempt|retry|try|step|test|build|run)(?:[ #:=_-]{1,3})\d{1,9}(?:\/| of )\d{1,9}\b`,
  hex: String.raw`\b0[xX][0-9a-fA-F]{1,32}\b`,
  sha: String.raw`\b(?=[0-9a-f]{0,63}[0-9])(?=[0-9a-f]{0,63}[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{7,16})\b`,
  object: String.raw`(?<=[\w$])@[0-9a-f]{1,16}\b`,
  position: String.raw`(?<=[\w)\]]):\d{1,7}(?::\d{1,6})?\b|[(\[]\d{1,7},\d{1,6}[)\]]|\bline \d{1,7}\b|\blines? \d{1,7}-\d{1,7}\b`,
  float: String.raw`(?<![\w.])[-+]?\d{1,30}\.\d{1,30}(?:[eE][-+]?\d{1,4})?(?![\w.])`,
  version: String.raw`(?<![\w.])v?\d{1,6}(?:\.\d{1,9}){1,4}(?:[-+][\w.-]{1,40})?\b`,
  int: String.raw`(?<![A-Za-z_])[-+]?\d{1,40}(?![A-Za-z_])|(?<=[A-Za-z]{2}[-_#])\d{1,20}\b`,
  bool: String.raw`\b(?:true|false|True|False|TRUE|FALSE)\b`,
} as const;

/** A kind of value that is masked. */
export type MaskKind = keyof typeof kinds;

/** Kinds that are masked alone, in their order. */
export const maskKinds = Object.keys(kinds) as readonly MaskKind[];

const groupNames = maskKinds;
const combined = new RegExp(groupNames.map((kind) => `(${kinds[kind]})`).join('|'), 'g');
const worthLooking = /[\d@/\\]|true|false/i;

/** A message with what changes from run to run replaced by the name of its kind, white space made single. */
export function maskMessage(message: string): string {
  const cut = message.length > MAX_MESSAGE_UNITS ? message.slice(0, MAX_MESSAGE_UNITS) : message;
  const masked = worthLooking.test(cut) ? cut.replace(combined, nameOfKind) : cut;
  return masked.replace(/\s+/g, ' ').trim();
}

function nameOfKind(...found: readonly unknown[]): string {
  for (let index = 0; index < groupNames.length; index += 1) {
    if (found[index + 1] !== undefined) return `<${groupNames[index] as string}>`;
  }
  return '';
}
