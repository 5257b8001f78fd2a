/**
 * Terminal escapes (ECMA-48 CSI, OSC and two-character ones), control characters except tab and line ends, and
 * invisible characters: whatever could hide inside a token without being seen.
 */
const escapes =
  // oxlint-disable-next-line no-control-regex
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\n\r]{0,4096}(?:\u0007|\u001b\\)?|\u001b[@-Z\\^_]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u009b\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g;

const bareColours = /\[(?:\d{1,3}(?:;\d{1,3}){0,8}m|0?K|\d{1,4}G)/g;

// oxlint-disable-next-line no-control-regex
const suspicious =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u009b\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/;

/**
 * Text without escapes and invisible characters; line ends and tabs stay. Repeated until nothing more is found,
 * so that an escape built out of the pieces around another one is found too; at most four times, after which
 * single escape characters are gone anyway, because the class above takes each of them.
 */
export function stripEscapes(text: string): string {
  if (!holdsEscapes(text)) return text;
  let stripped = text;
  for (let round = 0; round < 4; round += 1) {
    const next = stripped.replace(escapes, '');
    if (next === stripped) break;
    stripped = next;
  }
  return stripped;
}

/** Whether a text holds anything that stripEscapes takes out. */
export const holdsEscapes = (text: string): boolean => suspicious.test(text);

/** Colour codes that lost their escape character, as some CI systems print them. */
export function stripBareColours(text: string): string {
  return text.includes('[') ? text.replace(bareColours, '') : text;
}
