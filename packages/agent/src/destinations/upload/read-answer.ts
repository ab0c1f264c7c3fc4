/**
 * Reads an answer to its end, but not a long one: what is kept is what an operator needs. An
 * answer may echo what was sent to it, so anything that looks like a key is blotted out.
 */

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  /** From `x-ms-error-code` or the body: a word, never a sentence. */
  readonly errorCode: string | undefined;
  /** The error's message, or the beginning of the body; on one line. */
  readonly excerpt: string;
}

const BODY_BYTES_MAX = 16_384;
const EXCERPT_CHARS_MAX = 500;

/** The parts of a response that count here; undici's is one. */
export interface RawAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** `secret`: the token that was sent. Rejects when the connection breaks before the end. */
export async function readAnswer(response: RawAnswer, secret: string): Promise<Answer> {
  const text = redact(await readStart(response.body), secret);
  const error = readError(text);
  const header = (name: string): string | undefined => [response.headers[name]].flat()[0];
  return {
    status: response.statusCode,
    retryAfter: header('retry-after'),
    location: header('location'),
    errorCode: asErrorCode(header('x-ms-error-code') ?? error.code),
    excerpt: oneLine(error.message ?? text),
  };
}

/** Leaving the loop early destroys the connection, which is what an endless body deserves. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, BODY_BYTES_MAX - bytes), { stream: true });
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return withoutLastWord(text);
  }
  return text;
}

/** The first half of a key would not be recognised as one. */
function withoutLastWord(text: string): string {
  const end = Math.max(...[' ', '\n', '\t', '"'].map((mark) => text.lastIndexOf(mark)));
  return text.slice(0, end + 1);
}

/**
 * `{ error: { code, message } }` from the Logs Ingestion API, `{ Error, Message }` from ODS.
 * Source: azure-rest-api-specs, monitor ingestion 2023-01-01; HTTP Data Collector API.
 */
function readError(text: string): { code?: string; message?: string } {
  // Of success there is nothing to read, and a parser that fails is slow.
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const outer = asObject(body);
  const inner = asObject(outer.error);
  const code = inner.code ?? outer.Error ?? outer.code;
  const message = inner.message ?? outer.Message ?? outer.message;
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof message === 'string' && { message }),
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asErrorCode(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z][\w.-]{0,63}$/.test(text) ? text : undefined;
}

function redact(text: string, secret: string): string {
  return (secret === '' ? text : text.replaceAll(secret, '[token]'))
    .replace(/eyJ[\w-]{1,2048}\.[\w-]+\.[\w-]*/g, '[token]')
    .replace(
      /\b((?:Bearer|SharedKey|SharedAccessSignature) +)(?!\[token\])[^\s"',]+/gi,
      '$1[secret]',
    )
    .replace(
      /([?&]code=|\b(?:sig|signature|key|token|password|secret)=)[^&\s"',]+/gi,
      '$1[secret]',
    );
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, EXCERPT_CHARS_MAX);
}
