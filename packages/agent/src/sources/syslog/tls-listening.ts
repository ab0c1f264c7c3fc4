/** What the TLS addresses of the source share: one certificate, and the handshakes under way. */
import type { Host } from '../../host/host.ts';
import type { Agree } from './connections.ts';
import { TlsCertificate } from './tls-certificate.ts';
import type { TlsFiles } from './tls-credentials.ts';
import { TlsHandshakes } from './tls-handshakes.ts';

export class TlsListening {
  readonly #certificate: TlsCertificate;
  readonly #handshakes: TlsHandshakes;

  constructor(files: TlsFiles, host: Pick<Host, 'clock' | 'log'>) {
    this.#handshakes = new TlsHandshakes(host, files.clientCaFile !== undefined);
    this.#certificate = new TlsCertificate(files, host, (credentials) =>
      this.#handshakes.use(credentials),
    );
  }

  get agree(): Agree {
    return this.#handshakes.begin;
  }

  /** Rejects with what is wrong with the files; before that nobody is to connect. */
  open(): Promise<void> {
    return this.#certificate.open();
  }

  /** Takes up certificates that are renewed, until the signal aborts. Never rejects. */
  watch(signal: AbortSignal): Promise<void> {
    return this.#certificate.watch(signal);
  }

  describe(): Readonly<Record<string, unknown>> {
    const { validToMs, failure } = this.#certificate;
    return {
      tlsHandshakesFailed: this.#handshakes.failedCount,
      ...(validToMs !== undefined && { tlsCertificateValidTo: new Date(validToMs).toISOString() }),
      ...(failure !== undefined && { tlsCertificateNotRenewed: failure }),
    };
  }

  close(): void {
    this.#handshakes.close();
  }
}
