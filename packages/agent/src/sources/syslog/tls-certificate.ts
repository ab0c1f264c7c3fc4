/**
 * The credentials in use, and their renewal: the files are looked at now and then, and what is new
 * in them holds for connections from then on. What cannot be used is told, and the old ones stay.
 */
import { reasonOf } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import {
  readTlsCredentials,
  type TlsCredentials,
  type TlsFiles,
  tlsFilesVersion,
} from './tls-credentials.ts';

const LOOK_INTERVAL_MS = 60_000;

export class TlsCertificate {
  /** Why the files as they are now are not in use. */
  failure: string | undefined;

  readonly #files: TlsFiles;
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #use: (credentials: TlsCredentials) => void;
  #credentials: TlsCredentials | undefined;
  #version = '';
  #isExpiryTold = false;

  /** `use` is called with the credentials at first and whenever they have changed. */
  constructor(
    files: TlsFiles,
    host: Pick<Host, 'clock' | 'log'>,
    use: (credentials: TlsCredentials) => void,
  ) {
    this.#files = files;
    this.#host = host;
    this.#use = use;
  }

  /** Epoch milliseconds; `undefined` as long as there is none. */
  get validToMs(): number | undefined {
    return this.#credentials?.validToMs;
  }

  /** Reads the files unless there are credentials already. Rejects as `readTlsCredentials` does. */
  async open(): Promise<void> {
    if (this.#credentials === undefined) await this.#load(await tlsFilesVersion(this.#files));
  }

  /** Looks now and then until the signal aborts. Never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#host.clock.sleep(LOOK_INTERVAL_MS, signal);
      if (!signal.aborted && this.#credentials !== undefined) await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { log } = this.#host;
    const { certFile } = this.#files;
    const version = await tlsFilesVersion(this.#files);
    if (version !== this.#version) {
      try {
        await this.#load(version);
        const validTo = new Date(this.#credentials!.validToMs).toISOString();
        log.info({ certFile, validTo }, 'The syslog listener uses a new TLS certificate.');
      } catch (error) {
        const reason = reasonOf(error);
        this.#version = version;
        this.failure = reason;
        log.warn({ reason }, 'The TLS files of the syslog listener changed; the old stay in use.');
      }
    }
    this.#tellExpiry();
  }

  async #load(version: string): Promise<void> {
    const credentials = await readTlsCredentials(this.#files);
    this.#use(credentials);
    this.#credentials = credentials;
    this.#version = version;
    this.failure = undefined;
    this.#isExpiryTold = false;
    this.#tellExpiry();
  }

  #tellExpiry(): void {
    const validToMs = this.#credentials!.validToMs;
    if (this.#isExpiryTold || validToMs > this.#host.clock.now()) return;
    this.#isExpiryTold = true;
    this.#host.log.warn(
      { certFile: this.#files.certFile, validTo: new Date(validToMs).toISOString() },
      'The TLS certificate of the syslog listener has expired; senders that check it do not connect.',
    );
  }
}
