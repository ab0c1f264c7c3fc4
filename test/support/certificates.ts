/**
 * Authorities and certificates that live as long as a test, written by hand as DER: no program
 * has to be installed for it. Source: RFC 5280 §4.1 (fields), §4.2.1 (extensions); X.690 (DER).
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface CertifiedKey {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface CertificateRequest {
  /** Host names and IPv4 addresses; the first one is the common name too. */
  readonly names: readonly string[];
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

export interface Authority {
  /** PEM, for those who trust it. */
  readonly cert: string;
  issue(request: CertificateRequest): CertifiedKey;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const ORGANIZATION = '55040a';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALT_NAME = '551d11';

export function createAuthority(commonName: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf(commonName);
  const isAuthority = extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.of(0xff))));
  const self = { issuer: name, signer: keys.privateKey };
  return {
    cert: certificate({ ...self, subject: name, publicKey: keys.publicKey }, [isAuthority], {}),
    issue: (request) => issue(self, request),
  };
}

/** Signed by its own key, and by nobody else. */
export function selfSigned(request: CertificateRequest): CertifiedKey {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return issueFor(keys, { issuer: nameOf(request.names[0]!), signer: keys.privateKey }, request);
}

interface Issuer {
  readonly issuer: Buffer;
  readonly signer: KeyObject;
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function issue(issuer: Issuer, request: CertificateRequest): CertifiedKey {
  return issueFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }), issuer, request);
}

function issueFor(keys: Keys, issuer: Issuer, request: CertificateRequest): CertifiedKey {
  const names = request.names.map((name) =>
    isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : text(0x82, name),
  );
  const subject = nameOf(request.names[0]!);
  const extensions = [extension(SUBJECT_ALT_NAME, sequence(...names))];
  return {
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate({ ...issuer, subject, publicKey: keys.publicKey }, extensions, request),
  };
}

function certificate(
  parts: Issuer & { readonly subject: Buffer; readonly publicKey: KeyObject },
  extensions: readonly Buffer[],
  { validFrom, validTo }: Partial<CertificateRequest>,
): string {
  const algorithm = sequence(der(0x06, Buffer.from(ECDSA_WITH_SHA256, 'hex')));
  const from = validFrom ?? new Date(Date.now() - DAY_MS);
  const to = validTo ?? new Date(Date.now() + DAY_MS);
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    parts.issuer,
    sequence(time(from), time(to)),
    parts.subject,
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, parts.signer);
  const whole = sequence(content, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function nameOf(commonName: string): Buffer {
  const part = (oid: string, value: string): Buffer =>
    der(0x31, sequence(der(0x06, Buffer.from(oid, 'hex')), text(0x0c, value)));
  return sequence(part(ORGANIZATION, 'Tests'), part(COMMON_NAME, commonName));
}

/** All of them critical: whoever reads the certificate must know them. */
function extension(oid: string, value: Buffer): Buffer {
  const isCritical = der(0x01, Buffer.of(0xff));
  return sequence(der(0x06, Buffer.from(oid, 'hex')), isCritical, der(0x04, value));
}

function time(date: Date): Buffer {
  return text(0x18, date.toISOString().replace(/[-:T]|\.\d+/g, ''));
}

function text(tag: number, value: string): Buffer {
  return der(tag, Buffer.from(value, 'utf8'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
