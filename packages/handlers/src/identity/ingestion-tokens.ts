/**
 * The token of one channel of one rule on one machine. Agents treat it as opaque; the claims are
 * those of recorded tokens, plus two that tell the issuing server and the channel.
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { unauthenticated } from '../http/bearer.ts';

const ISSUER = 'AMCS';
const AUDIENCE = 'Pipeline';

interface IngestionClaims {
  /** Immutable id of the rule. */
  readonly ruleId: string;
  readonly channelId: string;
  /** ARM id of the machine. */
  readonly machineId: string;
  readonly region: string;
  /** Solutions (`IPName`) the channel's streams belong to. */
  readonly solutions: readonly string[];
  /** Customer id; on channels to one workspace only. */
  readonly workspaceId?: string;
}

export interface VerifiedIngestionToken extends IngestionClaims {
  /** False for a token of another server that shares the key; it knows the rule, we do not. */
  readonly isOwn: boolean;
}

export interface IngestionTokens {
  readonly lifetimeSeconds: number;
  issue(claims: IngestionClaims): Promise<string>;
  /** Throws a 401. */
  verify(token: string): Promise<VerifiedIngestionToken>;
}

/** `server` names the issuing server among those that share the key. */
export function createIngestionTokens(
  key: Uint8Array,
  server: string,
  lifetimeSeconds: number,
  now: () => number,
): IngestionTokens {
  return {
    lifetimeSeconds,
    issue: (claims) => {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({
        role: 'Publisher',
        ...(claims.workspaceId !== undefined && { wid: claims.workspaceId }),
        ips: claims.solutions.join(','),
        skipdefaultdcr: 'true',
        targetRid: claims.machineId,
        skloc: claims.region,
        skprov: 'amcs',
        cid: claims.ruleId,
        channel: claims.channelId,
        server,
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key);
    },
    verify: async (token) => {
      const claims = await verifyToken(token, key, now());
      const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '');
      return {
        ruleId: text('cid'),
        channelId: text('channel'),
        machineId: text('targetRid'),
        region: text('skloc'),
        solutions: text('ips').split(','),
        ...(claims.wid !== undefined && { workspaceId: text('wid') }),
        isOwn: claims.server === server,
      };
    },
  };
}

async function verifyToken(token: string, key: Uint8Array, nowMs: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp', 'cid', 'targetRid'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      const expiredAt = new Date((error.payload.exp ?? 0) * 1000).toISOString();
      throw unauthenticated(
        'ExpiredAuthenticationToken',
        `The ingestion token expired at ${expiredAt}; fetch a new one from the channel's tokenEndpointUri.`,
      );
    }
    throw unauthenticated(
      'InvalidAuthenticationToken',
      "The ingestion token is not one of this server's; fetch one from the channel's tokenEndpointUri.",
    );
  }
}
