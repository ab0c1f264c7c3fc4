import { ArmError } from './arm-error.ts';

/** RFC 6750 §3: a 401 names the scheme that would have helped. */
const CHALLENGE = { 'www-authenticate': 'Bearer' };

/** The token of an `Authorization: Bearer …` header. `what` names the token that is wanted. */
export function bearerToken(header: string | undefined, what: string): string {
  const token = header === undefined ? undefined : /^bearer +(\S+) *$/i.exec(header)?.[1];
  if (token !== undefined) return token;
  const found = header === undefined ? 'is missing' : "is not of the form 'Bearer <token>'";
  throw unauthenticated(
    'AuthenticationFailed',
    `The Authorization header ${found}; send ${what} as a bearer token.`,
  );
}

export function unauthenticated(
  code: 'AuthenticationFailed' | 'InvalidAuthenticationToken' | 'ExpiredAuthenticationToken',
  message: string,
): ArmError {
  return new ArmError(code, message, { headers: CHALLENGE });
}
