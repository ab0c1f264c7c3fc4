/** What an answer of the control plane that is not a success says, for logs and status. */
import type { HttpAnswer } from '../host/http-get.ts';
import type { AccessToken } from '../identity/access-token.ts';

const EXCERPT_CHARS_MAX = 300;

/**
 * `https://host answered 403 InvalidResourceId: the message`, from the ARM error body where
 * there is one. An answer may echo what was sent, so tokens are blotted out.
 */
export function errorSentence(answer: HttpAnswer, endpoint: URL, token: AccessToken): string {
  const { code, message } = armError(answer.text);
  const secret = token.authorization().replace(/^Bearer /, '');
  const story = [code, message ?? answer.text]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .replaceAll(secret, '[token]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, EXCERPT_CHARS_MAX);
  return `${endpoint.origin} answered ${answer.status}${story === '' ? '' : ` ${story}`}`;
}

/** `{ error: { code, message } }`. Source: Azure Resource Manager RPC, common error shape. */
function armError(text: string): { code?: string; message?: string } {
  try {
    const { error } = { ...(JSON.parse(text) as { error?: unknown }) };
    const { code, message } = { ...(error as { code?: unknown; message?: unknown }) };
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof message === 'string' && { message }),
    };
  } catch {
    return {};
  }
}
