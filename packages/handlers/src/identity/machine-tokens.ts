/**
 * Access tokens of machines, as Entra ID would issue them to a managed identity: RS256, with the
 * claims the services of Azure Monitor look at.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  errors,
  exportJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  type KeyObject,
  SignJWT,
} from 'jose';
import { HandlerError } from '../errors.ts';
import { unauthenticated } from '../http/bearer.ts';
import { guidOf } from './key-files.ts';

/** The audiences of the endpoints here; agents write them with and without the slash. */
const AUDIENCES = ['https://monitor.azure.com', 'https://monitoring.azure.com'].flatMap(
  (audience) => [audience, `${audience}/`],
);

/** The identity a token is issued to, and the machine it is issued on. */
export interface MachineIdentity {
  /** ARM id of the machine, or of the user-assigned identity. */
  readonly identityId: string;
  readonly machineId: string;
  readonly clientId: string;
  readonly objectId: string;
}

interface IssuedToken {
  readonly token: string;
  readonly notBeforeS: number;
  readonly expiresAtS: number;
}

export interface MachineTokens {
  /** Names this installation; the `tid` of every token. */
  readonly tenantId: string;
  /** Public key as a key set has it. */
  readonly jwk: JWK;
  issue(identity: MachineIdentity, audience: string, issuer: string): Promise<IssuedToken>;
  /** Resolves to the ids the bearer may speak for. Throws a 401. */
  verify(token: string): Promise<readonly string[]>;
}

/** Throws `KEY_INVALID` when the text is no RSA private key. */
export async function createMachineTokens(
  privateKeyPem: string,
  lifetimeSeconds: number,
  now: () => number,
): Promise<MachineTokens> {
  const { privateKey, publicKey } = readKey(privateKeyPem);
  const publicJwk = await exportJWK(publicKey);
  const keyId = await calculateJwkThumbprint(publicJwk);
  const tenantId = guidOf(`tenant ${keyId}`);
  return {
    tenantId,
    jwk: { ...publicJwk, kid: keyId, alg: 'RS256', use: 'sig' },
    issue: async (identity, audience, issuer) => {
      const issuedAt = Math.floor(now() / 1000);
      const expiresAtS = issuedAt + lifetimeSeconds;
      const token = await new SignJWT({
        appid: identity.clientId,
        oid: identity.objectId,
        tid: tenantId,
        ver: '1.0',
        xms_mirid: identity.identityId,
        xms_az_rid: identity.machineId,
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyId })
        .setIssuer(issuer)
        .setSubject(identity.objectId)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresAtS)
        .sign(privateKey);
      return { token, notBeforeS: issuedAt, expiresAtS };
    },
    verify: async (token) => {
      const claims = await verifyToken(token, publicKey, now());
      return [claims.xms_mirid, claims.xms_az_rid].filter((id) => typeof id === 'string');
    },
  };
}

function readKey(pem: string): { privateKey: KeyObject; publicKey: KeyObject } {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('it is not an RSA key');
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (error) {
    throw new HandlerError(
      'KEY_INVALID',
      'the key of machine tokens is not an RSA private key in PEM form; delete the file to have a new one made',
      { cause: error },
    );
  }
}

async function verifyToken(
  token: string,
  key: CryptoKey | KeyObject,
  nowMs: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      audience: AUDIENCES,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    throw refuse(error);
  }
}

function refuse(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    const expiredAt = new Date((error.payload.exp ?? 0) * 1000).toISOString();
    return unauthenticated(
      'ExpiredAuthenticationToken',
      `The access token expired at ${expiredAt}; ask the identity endpoint for a new one.`,
    );
  }
  const wrongAudience =
    error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud'
      ? `its audience is '${String(error.payload.aud)}', not '${AUDIENCES[0]}'`
      : 'it was not issued by the identity endpoint of this server';
  return unauthenticated(
    'InvalidAuthenticationToken',
    `The access token is not accepted: ${wrongAudience}.`,
  );
}
