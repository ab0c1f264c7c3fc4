import { ArmError } from '../http/arm-error.ts';

/** Refuses what is given and is not an http or https URL. */
export function checkUrl(url: string | undefined, target: string): void {
  if (url === undefined) return;
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (scheme === 'http:' || scheme === 'https:') return;
  throw new ArmError('InvalidPayload', `'${url}' is not an http or https URL.`, { target });
}
