/**
 * The certificate and key of the TLS listener, and the authorities of client certificates: read
 * from their files and checked against each other, so that what is wrong is told by its file
 * before the first sender comes.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { codeOf, reasonOf } from '../../errors.ts';

export interface TlsFiles {
  /** PEM: the certificate, then those of the authorities in between. */
  readonly certFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
  /** PEM. Set: clients need a certificate that one of these authorities issued. */
  readonly clientCaFile?: string;
}

export interface TlsCredentials {
  readonly context: SecureContextOptions;
  /** Epoch milliseconds. */
  readonly validToMs: number;
}

const OPTIONS = {
  certFile: 'sources.syslog.tlsCertFile',
  keyFile: 'sources.syslog.tlsKeyFile',
  clientCaFile: 'sources.syslog.tlsClientCaFile',
} as const;

/** Far more than the certificates of all authorities of the world. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Source: RFC 9662 §4; RFC 8996 (nothing older is to be used). */
const VERSION_MIN = 'TLSv1.2';
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Rejects with an error that names the file, what is wrong and what to do. */
export async function readTlsCredentials(files: TlsFiles): Promise<TlsCredentials> {
  const cert = await read(files, 'certFile');
  const key = await read(files, 'keyFile');
  const ca = files.clientCaFile === undefined ? undefined : await read(files, 'clientCaFile');
  const [certificate] = certificatesIn(cert, `${files.certFile} (${OPTIONS.certFile})`);
  if (ca !== undefined) certificatesIn(ca, `${files.clientCaFile} (${OPTIONS.clientCaFile})`);
  checkKey(certificate!, key, files);
  const context: SecureContextOptions = {
    ...{ cert, key, minVersion: VERSION_MIN },
    ...(ca !== undefined && { ca }),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new Error(`${files.certFile} cannot be used for TLS: ${reasonOf(error)}`);
  }
  return { context, validToMs: certificate!.validToDate.getTime() };
}

/** Changes when one of the files does. Never rejects. */
export async function tlsFilesVersion({
  certFile,
  keyFile,
  clientCaFile,
}: TlsFiles): Promise<string> {
  const files = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
  const versions = files.map(async (file) => {
    const entry = await stat(file).catch(() => undefined);
    return entry === undefined ? 'missing' : `${entry.ino} ${entry.size} ${entry.mtimeMs}`;
  });
  return (await Promise.all(versions)).join(', ');
}

async function read(files: TlsFiles, name: keyof TlsFiles): Promise<string> {
  const file = files[name]!;
  const place = `${file} (${OPTIONS[name]})`;
  try {
    const entry = await stat(file);
    if (!entry.isFile() || entry.size > FILE_BYTES_MAX)
      throw new Error('it is no file of a few kilobytes');
    return await readFile(file, 'utf8');
  } catch (error) {
    const advice =
      codeOf(error) === 'EACCES' ? 'let the agent read it' : 'put it there, or name another';
    throw new Error(`cannot read ${place}: ${reasonOf(error)}; ${advice}`);
  }
}

/** At least one. */
function certificatesIn(text: string, place: string): X509Certificate[] {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0)
    throw new Error(`${place} holds no certificate in PEM form; convert it to -----BEGIN …`);
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new Error(
        `certificate ${i + 1} of ${place} is damaged: ${reasonOf(error)}; write the file anew`,
      );
    }
  });
}

function checkKey(certificate: X509Certificate, text: string, files: TlsFiles): void {
  const place = `${files.keyFile} (${OPTIONS.keyFile})`;
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey(text);
  } catch {
    // What the library says of a key may hold parts of it.
    throw new Error(
      text.includes('ENCRYPTED')
        ? `the key in ${place} has a passphrase; store it without one, readable for the agent only`
        : `${place} holds no private key in PEM form; convert it to -----BEGIN PRIVATE KEY-----`,
    );
  }
  if (!certificate.checkPrivateKey(key))
    throw new Error(
      `the key in ${place} is not that of the certificate in ${files.certFile}; ` +
        'put both of one issue there',
    );
}
