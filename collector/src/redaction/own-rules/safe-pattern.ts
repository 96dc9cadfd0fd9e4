/** One character or class of a pattern and how often it may stand. */
interface Step {
  accepts: (code: number) => boolean;
  least: number;
  most: number;
}

type Readable = Pick<string, 'length' | 'charCodeAt'>;

/** A pattern of the safe subset: it begins with letters that are always the same, and never looks at a character twice. */
export interface SafePattern {
  /** What every match begins with. */
  prefix: string;
  /**
   * End of the match whose prefix begins at `at`, or -1. `isOpen` when the text ended before the pattern did. Takes at
   * most {@link LONGEST_MATCH} steps, whatever the text.
   */
  match(text: Readable, at: number): { end: number; isOpen: boolean };
}

/** Characters a pattern may take. */
export const LONGEST_MATCH = 256;
const SHORTEST_PREFIX = 3;
const PIECE = /\\([dw])|\\([^A-Za-z0-9])|\[(\^?)((?:\\.|[^\\\]])+)\]|([^\\[\](){}*+?|.^$])/y;
const REPEAT = /\{(\d{1,3})(?:,(\d{1,3}))?\}/y;
const MEMBER = /\\([dw])|(?:\\(.)|(.))(?:-(?:\\(.)|([^\]])))?/g;

/** Compiles a pattern; throws an Error that says what was expected and where. */
export function compilePattern(source: string): SafePattern {
  const steps: Step[] = [];
  let prefix = '';
  let isPrefix = true;
  for (let at = 0; at < source.length;) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(source);
    if (piece === null)
      throw new Error(`at character ${at + 1}: expected a character, \\d, \\w, an escaped sign or [a class]`);
    at = PIECE.lastIndex;
    REPEAT.lastIndex = at;
    const repeat = REPEAT.exec(source);
    if (repeat !== null) at = REPEAT.lastIndex;
    const literal = piece[2] ?? piece[5];
    isPrefix &&= literal !== undefined && repeat === null;
    if (isPrefix) prefix += literal ?? '';
    else steps.push(toStep(piece, repeat));
  }
  check(prefix, steps);
  return { prefix, match: (text, at) => run(steps, text, at + prefix.length) };
}

function toStep(piece: RegExpExecArray, repeat: RegExpExecArray | null): Step {
  const least = repeat === null ? 1 : Number(repeat[1]);
  const most = repeat === null ? 1 : Number(repeat[2] ?? repeat[1]);
  if (most < least || most === 0)
    throw new Error(`{${least},${most}}: expected the smaller number first, and no zero alone`);
  const [, shorthand, escaped, negation, members, plain] = piece;
  if (shorthand !== undefined) return { accepts: shorthand === 'd' ? isDigit : isWord, least, most };
  if (members !== undefined) return { accepts: classOf(members, negation === '^'), least, most };
  const code = (escaped ?? plain ?? '').charCodeAt(0);
  return { accepts: (given) => given === code, least, most };
}

function check(prefix: string, steps: readonly Step[]): void {
  if (prefix.length < SHORTEST_PREFIX) throw new Error('expected at least three plain characters at the beginning');
  const longest = prefix.length + steps.reduce((sum, { most }) => sum + most, 0);
  if (longest > LONGEST_MATCH)
    throw new Error(`expected at most ${LONGEST_MATCH} characters in all, these are ${longest}`);
}

// Every repeat takes all it can and gives nothing back: that is what keeps it linear.
function run(steps: readonly Step[], text: Readable, from: number): { end: number; isOpen: boolean } {
  let at = from;
  for (const { accepts, least, most } of steps) {
    const start = at;
    while (at - start < most && at < text.length && accepts(text.charCodeAt(at))) at++;
    if (at - start < least) return { end: -1, isOpen: at === text.length };
  }
  return { end: at, isOpen: at === text.length };
}

function classOf(members: string, isNegated: boolean): (code: number) => boolean {
  const parts = [...members.matchAll(MEMBER)].map(([, shorthand, escaped, plain, escapedEnd, plainEnd]) => {
    if (shorthand !== undefined) return shorthand === 'd' ? isDigit : isWord;
    const first = (escaped ?? plain ?? '').charCodeAt(0);
    const last = (escapedEnd ?? plainEnd ?? escaped ?? plain ?? '').charCodeAt(0);
    if (last < first) throw new Error(`[${members}]: expected ranges from the smaller to the greater character`);
    return (code: number) => code >= first && code <= last;
  });
  return (code) => parts.some((accepts) => accepts(code)) !== isNegated;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
