/**
 * Why a server's certificate was not accepted, in a sentence that says whose it is and what to do.
 * A proxy that inspects TLS shows certificates of its own making: they are right in everything
 * but who issued them.
 */
import type { X509Certificate } from 'node:crypto';
import { AgentError } from '../errors.ts';
import { printable } from './printable.ts';

export interface CertificateHolder {
  /** `host:port`, or `the proxy https://host:port`. */
  readonly name: string;
  /** Address of the proxy it was seen through. */
  readonly proxy?: string;
}

const NAME_CHARS_MAX = 100;
/** How many of the names a certificate is for are told. */
const NAMES_MAX = 5;

/** `code`: OpenSSL's word for the fault, as Node gives it. */
export function certificateFault(
  code: string,
  certificate: X509Certificate,
  holder: CertificateHolder,
): AgentError {
  const sentence = `TLS: the certificate of ${holder.name} ${story(code, certificate, holder)}`;
  return new AgentError('CERTIFICATE_REFUSED', sentence);
}

function story(code: string, certificate: X509Certificate, holder: CertificateHolder): string {
  const issuer = `'${issuerOf(certificate)}'`;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `(or of an authority above it) has expired; it is ${validity(certificate)}, issued by ${issuer}`;
    case 'CERT_NOT_YET_VALID':
      return `is not valid yet; it is ${validity(certificate)}, issued by ${issuer}; is the clock right?`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `belongs to ${namesOf(certificate)}, not to it; issued by ${issuer}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `is self-signed by ${issuer}, ${validity(certificate)}; ${trustAdvice('it')}`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `was issued by ${issuer}, which is not trusted here; ${inspectionAdvice(holder)}`;
    default:
      return `is not accepted (${code}); issued by ${issuer}, ${validity(certificate)}`;
  }
}

function inspectionAdvice({ name, proxy }: CertificateHolder): string {
  return proxy === undefined
    ? `${trustAdvice('that authority')}; if a device on the way inspects TLS, exempt ${name} there`
    : `the proxy ${proxy} probably inspects TLS and signs anew what it passes on: exempt ${name} from that, or ${trustAdvice('its authority')}`;
}

function trustAdvice(whom: string): string {
  return `to trust ${whom}, name its certificate with tls.caFile or NODE_EXTRA_CA_CERTS`;
}

/** The common name where there is one, else all there is. */
function issuerOf({ issuer }: X509Certificate): string {
  const parts = issuer.split('\n');
  const common = parts.find((part) => part.startsWith('CN='))?.slice('CN='.length);
  return shown(common ?? parts.join(', '));
}

function namesOf({ subjectAltName, subject }: X509Certificate): string {
  const names = (subjectAltName ?? subject.replaceAll('\n', ', '))
    .split(', ')
    .map((name) => shown(name.replace(/^(DNS|IP Address|CN)[:=]/, '')));
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  return `${names.slice(0, NAMES_MAX).join(', ')}${more}`;
}

function validity({ validFromDate, validToDate }: X509Certificate): string {
  return `valid from ${dayOf(validFromDate)} to ${dayOf(validToDate)}`;
}

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}

function shown(text: string): string {
  return printable(text).slice(0, NAME_CHARS_MAX);
}
