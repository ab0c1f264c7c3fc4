/** Where data is sent, checked and as it is shown. */
import { checkEncryptedUrl } from '../../host/encrypted-url.ts';

/** Throws `DESTINATION_UNUSABLE`. */
export function checkEndpoint(text: string, allowPlainHttp: boolean): URL {
  return checkEncryptedUrl(text, {
    what: 'the endpoint',
    code: 'DESTINATION_UNUSABLE',
    allowPlainHttp,
  });
}

/** Host and path: the query may hold keys. */
export function addressOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
