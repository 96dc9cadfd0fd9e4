/** A call as the lines people read: `publish_report({`, one line a value, `})`. Every character is the one that is sent. */
export function callLines(action: string, args: unknown): string[] {
  const call = isName(action) ? action : JSON.stringify(action);
  if (args === null || args === undefined) return [`${call}()`];
  if (typeof args === 'string')
    return wrap(
      call,
      args.split('\n').map((line, index, all) => line + (index < all.length - 1 ? '\n' : '')),
    );
  const lines = JSON.stringify(args, null, 2).split('\n');
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return [`${call}(${first})`];
  return [`${call}(${first}`, ...rest.slice(0, -1), `${rest.at(-1) ?? ''})`];
}

function wrap(call: string, lines: string[]): string[] {
  return [`${call}(`, ...lines.map((line) => `  ${JSON.stringify(line)}`), ')'];
}

/** An action with spaces or odd characters is data and is quoted, so that it cannot look like two. */
function isName(action: string): boolean {
  return /^[\p{L}\p{N}_.:/-]+$/u.test(action);
}

/** Lines and characters of a line drawn before a person asks for everything. */
export interface Fold {
  lines: number;
  columns: number;
}

/** What is drawn of the lines, and how much is not. */
export interface FoldedLines {
  lines: { text: string; cut: number }[];
  hiddenLines: number;
  hiddenCharacters: number;
}

/** Shortens what is too long for a screen. What is left out is counted, so that it can be told. */
export function foldLines(lines: readonly string[], fold: Fold): FoldedLines {
  const shown = lines.slice(0, fold.lines).map((line) => {
    const cut = Math.max(0, line.length - fold.columns);
    return { text: cut > 0 ? line.slice(0, fold.columns) : line, cut };
  });
  const hidden = lines.slice(fold.lines);
  const cut = shown.reduce((sum, line) => sum + line.cut, 0);
  const characters = hidden.reduce((sum, line) => sum + line.length, 0);
  return { lines: shown, hiddenLines: hidden.length, hiddenCharacters: cut + characters };
}
