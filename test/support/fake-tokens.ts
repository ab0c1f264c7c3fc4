/** Tokens without an identity: each refresh yields the next one, and all calls are kept. */
import { AccessToken, type AccessTokens } from '../../packages/agent/src/identity/access-token.ts';

export interface TokenCall {
  /** Audience or `tokenEndpointUri`. */
  readonly of: string;
  readonly kind: 'machine' | 'ingestion';
  readonly refresh: boolean;
}

export interface FakeTokens extends AccessTokens {
  readonly calls: readonly TokenCall[];
}

/** Values are `token-1`, `token-2`, …; `failure` is thrown instead when it returns something. */
export function createFakeTokens(failure: () => Error | undefined = () => undefined): FakeTokens {
  const calls: TokenCall[] = [];
  let generation = 1;
  const token = async (call: TokenCall): Promise<AccessToken> => {
    calls.push(call);
    const error = failure();
    if (error !== undefined) throw error;
    if (call.refresh) generation += 1;
    return new AccessToken(`token-${generation}`, Number.MAX_SAFE_INTEGER);
  };
  return {
    calls,
    machineToken: (of, _signal, refresh = false) => token({ of, kind: 'machine', refresh }),
    ingestionToken: (of, _signal, refresh = false) => token({ of, kind: 'ingestion', refresh }),
  };
}
