const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** Removes colour and cursor sequences. */
export function stripAnsi(text: string): string {
  return text.replace(ansi, '');
}

/**
 * Masks what varies between runs of one failure: quoted text, addresses, paths, hexadecimal, made-up names and numbers.
 * Two messages with the same mask count as one failure of a tool.
 */
export function maskMessage(message: string): string {
  return stripAnsi(message)
    .replace(
      /"[^"]*"|`[^`]*`|(?<![A-Za-z])'[^']*'|\u2018[^\u2019]*\u2019|\u201c[^\u201d]*\u201d/g,
      '<quoted>',
    )
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s,;)>\]]+/gi, '<url>')
    .replace(/(?:[A-Za-z0-9_.@~-]*\/)+[A-Za-z0-9_.@~*+-]+\/?/g, '<path>')
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, '<hex>')
    .replace(/\b(?=[a-z_]*\d)(?=\d*[a-z_])[a-z0-9_]{16,}\b/gi, '<id>')
    .replace(/\d+(?:[.:,]\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim();
}
