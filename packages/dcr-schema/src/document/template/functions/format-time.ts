/**
 * Times as .NET formats them. Source: "Standard" and "Custom date and time format strings" of the
 * .NET documentation, culture invariant, the formats that templates use.
 */
const STANDARD: ReadonlyMap<string, string> = new Map([
  ['d', 'MM/dd/yyyy'],
  ['s', "yyyy'-'MM'-'dd'T'HH':'mm':'ss"],
  ['u', "yyyy'-'MM'-'dd HH':'mm':'ss'Z'"],
  ['o', "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffff'Z'"],
]);

const TOKEN =
  /'[^']*'|"[^"]*"|\\.|yyyy|yy|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|tt|f{1,7}|[^a-zA-Z%]|[TZ]/y;

/** `undefined`: a format that is not evaluated. */
export function formatTime(atMs: number, format: string): string | undefined {
  const text = format.length === 1 ? STANDARD.get(format.toLowerCase()) : format;
  if (text === undefined || (format.length === 1 && /[DSU]/.test(format))) return undefined;
  const at = new Date(atMs);
  const pieces: string[] = [];
  for (let from = 0; from < text.length; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from;
    const token = TOKEN.exec(text)?.[0];
    // 'MMM' and 'ddd' are names, which are not written here.
    if (token === undefined || continues(text, TOKEN.lastIndex, token)) return undefined;
    pieces.push(pieceOf(at, token));
  }
  return pieces.join('');
}

function continues(text: string, end: number, token: string): boolean {
  return /^[a-zA-Z]/.test(token) && text[end] === token.at(-1);
}

function pieceOf(at: Date, token: string): string {
  const [first = ''] = token;
  if (/['"]/.test(first)) return token.slice(1, -1);
  if (first === '\\') return token.slice(1);
  if (first === 'f') {
    return String(at.getUTCMilliseconds()).padStart(3, '0').padEnd(7, '0').slice(0, token.length);
  }
  if (token === 'tt') return at.getUTCHours() < 12 ? 'AM' : 'PM';
  const number = numberOf(at, first);
  if (number === undefined) return token;
  const digits = token === 'yy' ? String(number % 100) : String(number);
  return digits.padStart(token.length, '0');
}

function numberOf(at: Date, letter: string): number | undefined {
  switch (letter) {
    case 'y':
      return at.getUTCFullYear();
    case 'M':
      return at.getUTCMonth() + 1;
    case 'd':
      return at.getUTCDate();
    case 'H':
      return at.getUTCHours();
    case 'h':
      return at.getUTCHours() % 12 || 12;
    case 'm':
      return at.getUTCMinutes();
    case 's':
      return at.getUTCSeconds();
    default:
      return undefined;
  }
}
