/**
 * Secrets that outlive a process: the admin's token, the key pair of machine tokens and the key
 * of ingestion tokens. Each is made at the first start and readable by its owner only.
 */
import { createHash, generateKeyPair, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { HandlerError, reasonOf } from '../errors.ts';

export const ADMIN_TOKEN_FILE = 'admin.token';
const MACHINE_KEY_FILE = 'machine-token-key.pem';
const INGESTION_KEY_FILE = 'ingestion-token.key';

/** RFC 7518 §3.2 asks for at least as many bits as HS256 hashes to. */
const INGESTION_KEY_BYTES_MIN = 32;

export interface KeyFiles {
  readonly adminToken: string;
  /** RSA private key, PKCS #8. */
  readonly machineKeyPem: string;
  readonly ingestionKey: Uint8Array;
}

/**
 * Reads the secrets of a data directory, making what is missing. Without a directory they last
 * as long as the process. Throws `DATA_UNUSABLE` or `KEY_INVALID`.
 */
export async function loadKeyFiles(
  directory: string | undefined,
  ingestionKeyFile?: string,
): Promise<KeyFiles> {
  if (directory !== undefined) await makeDirectory(directory);
  const inDirectory = (name: string) => directory && join(directory, name);
  return {
    adminToken: await loadSecret(inDirectory(ADMIN_TOKEN_FILE), makeSecret),
    machineKeyPem: await loadSecret(inDirectory(MACHINE_KEY_FILE), makeRsaKey),
    ingestionKey: checkIngestionKey(
      await loadSecret(ingestionKeyFile ?? inDirectory(INGESTION_KEY_FILE), makeSecret),
      ingestionKeyFile ?? INGESTION_KEY_FILE,
    ),
  };
}

/** A GUID that is always the same for the same text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, i, ends) => hex.slice(i === 0 ? 0 : ends[i - 1], end))
    .join('-');
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeDirectories(resolve(directory));
  } catch (error) {
    throw unusable(directory, error);
  }
}

/** One after another: where a parent takes none, as in `/proc`, Node's own way never ends. */
async function makeDirectories(directory: string): Promise<void> {
  const make = () => mkdir(directory, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(directory) === directory) throw error;
    await makeDirectories(dirname(directory));
    await make();
  }
}

async function loadSecret(file: string | undefined, make: () => Promise<string>): Promise<string> {
  if (file === undefined) return make();
  const existing = await readSecret(file);
  if (existing !== undefined) return existing;
  const secret = await make();
  const draft = `${file}.${randomUUID()}`;
  try {
    // Written aside and renamed: a crash leaves no half a key behind.
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flush: true });
    await rename(draft, file);
  } catch (error) {
    throw unusable(file, error);
  }
  return secret;
}

async function readSecret(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
  if (text !== '') return text;
  throw new HandlerError('KEY_INVALID', `${file} is empty; delete it to have a new key made`);
}

async function makeSecret(): Promise<string> {
  return randomBytes(32).toString('base64url');
}

async function makeRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
}

function checkIngestionKey(text: string, file: string): Uint8Array {
  const key = Buffer.from(text, 'base64url');
  if (key.length >= INGESTION_KEY_BYTES_MIN) return key;
  throw new HandlerError(
    'KEY_INVALID',
    `${file} holds ${key.length} bytes; it must be base64url of at least ${INGESTION_KEY_BYTES_MIN}`,
  );
}

function unusable(file: string, error: unknown): HandlerError {
  return new HandlerError('DATA_UNUSABLE', `${file} cannot be used: ${reasonOf(error)}`, {
    cause: error,
  });
}
