/** Certificates of authorities in a file of the operator's, such as a company's own. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AgentError, reasonOf } from '../errors.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** PEM texts. Throws `AGENT_CONFIG_INVALID` when the file cannot be read or has no certificate. */
export function readAuthorities(file: string): readonly string[] {
  const refuse = (why: string, cause?: unknown): AgentError =>
    new AgentError('AGENT_CONFIG_INVALID', `tls.caFile ${file} ${why}`, { cause });
  let found: readonly string[];
  try {
    found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
  } catch (error) {
    throw refuse('cannot be read', error);
  }
  if (found.length === 0) throw refuse('has no certificate in it (PEM, BEGIN CERTIFICATE)');
  for (const [index, certificate] of found.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      throw refuse(`is damaged: certificate ${index + 1} cannot be read: ${reasonOf(error)}`);
    }
  }
  return found;
}
