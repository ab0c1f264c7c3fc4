/** Syslog over TLS: RFC 5425, on loopback, with certificates made for each test. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { SyslogSettings } from '../../../../../packages/agent/src/sources/syslog/syslog.ts';
import { createAuthority, selfSigned } from '../../../../support/certificates.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';
import { LOOPBACK, type RunningSource, startSyslog } from './running-source.ts';

const AUTHORITY = createAuthority('Syslog authority');
const NAMES = { names: ['localhost', '127.0.0.1'] };

interface Files {
  readonly certFile: string;
  readonly keyFile: string;
}

async function writeFiles(certified = AUTHORITY.issue(NAMES), folder?: string): Promise<Files> {
  const place = folder ?? (await temporaryFolder());
  const files = { certFile: join(place, 'cert.pem'), keyFile: join(place, 'key.pem') };
  await writeFile(files.certFile, certified.cert);
  await writeFile(files.keyFile, certified.key);
  return files;
}

async function startTls(
  t: TestContext,
  settings: SyslogSettings = {},
): Promise<{ source: RunningSource; files: Files }> {
  const files = await writeFiles();
  const tls = { addresses: [LOOPBACK], ...files };
  return { source: await startSyslog(t, { tls, ...settings }), files };
}

/** Resolves when the client has nothing to object. */
async function connectTls(
  t: TestContext,
  source: RunningSource,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const { address, port } = source.described.tls![0]!;
  const socket = connect({ host: address, port, ca: AUTHORITY.cert, ...options });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

/** A connection on which no TLS is spoken, at first. */
async function connectRaw(t: TestContext, source: RunningSource): Promise<Socket> {
  const { address, port } = source.described.tls![0]!;
  const socket = connectPlain({ host: address, port });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function handshakeWarnings(source: RunningSource): readonly object[] {
  return source.host.log.entries
    .filter(({ message }) => message.startsWith('TLS handshakes of syslog senders fail'))
    .map(({ facts }) => facts);
}

test('counted frames and lines are read over TLS, in their order', async (t) => {
  const { source } = await startTls(t);
  const socket = await connectTls(t, source);
  socket.write('8 <13>a\nb\n11 <13>second!<13>a line\n');
  socket.end('<13>unfinished');
  await until('all are read', () => source.records.length === 4);
  assert.deepEqual(source.messages(), ['a\nb', 'second!', 'a line', 'unfinished']);
  assert.equal(source.records[0]?.senderAddress, '127.0.0.1');
  await until('it is closed', () => source.described.connections === 0);
  await source.stop();
});

test('megabytes over TLS arrive whole, though emit makes the sender wait', async (t) => {
  const files = await writeFiles();
  const settings = { tls: { addresses: [LOOPBACK], ...files }, batchRecordsMax: 100 };
  const source = await startSyslog(t, settings, () => new Promise((done) => setImmediate(done)));
  const socket = await connectTls(t, source);
  const texts = Array.from({ length: 5_000 }, (_, i) => `message ${i} ${'x'.repeat(1_000)}`);
  socket.end(texts.map((text) => `${text.length + 4} <13>${text}`).join(''));
  await until('all are read', () => source.records.length === texts.length);
  await source.stop();
  assert.deepEqual(source.messages(), texts);
});

test('what was sent over TLS before the sender is told of a stop is kept', async (t) => {
  const { source } = await startTls(t, { batchRecordsMax: 100 });
  const socket = await connectTls(t, source);
  const texts = Array.from({ length: 20_000 }, (_, i) => `message ${i}`);
  await new Promise((sent) => socket.write(texts.map((text) => `<13>${text}\n`).join(''), sent));
  await source.stop();
  assert.deepEqual(source.messages(), texts);
});

test('TLS older than 1.2 is refused, counted and told with the sender', async (t) => {
  const { source } = await startTls(t);
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await assert.rejects(connectTls(t, source, old));
  await until('it is told', () => handshakeWarnings(source).length === 1);
  assert.equal(source.described.tlsHandshakesFailed, 1);
  assert.deepEqual(handshakeWarnings(source), [
    { sender: '127.0.0.1', reason: 'unsupported protocol', failed: 1 },
  ]);
  const socket = await connectTls(t, source, { maxVersion: 'TLSv1.2' });
  socket.end('<13>over 1.2\n');
  await until('it is read', () => source.records.length === 1);
  await source.stop();
});

test('with authorities for clients, only those that they certified are read', async (t) => {
  const files = await writeFiles();
  const clientCaFile = join(await temporaryFolder(), 'clients.pem');
  const clients = createAuthority('Clients');
  await writeFile(clientCaFile, clients.cert);
  const tls = { addresses: [LOOPBACK], ...files, clientCaFile };
  const source = await startSyslog(t, { tls });
  for (const credentials of [{}, selfSigned({ names: ['stranger'] })]) {
    const before = source.described.tlsHandshakesFailed!;
    const socket = await connectTls(t, source, credentials);
    socket.write('<13>from a stranger\n');
    await until('it is refused', () => source.described.tlsHandshakesFailed === before + 1);
  }
  const known = await connectTls(t, source, clients.issue({ names: ['client'] }));
  known.end('<13>from a client\n');
  await until('it is read', () => source.records.length > 0);
  await source.stop();
  assert.deepEqual(source.messages(), ['from a client']);
  const reasons = handshakeWarnings(source).map((facts) => (facts as { reason: string }).reason);
  assert.deepEqual(reasons, ['peer did not return a certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
});

test('what speaks no TLS is refused, counted and told once a minute', async (t) => {
  const { source } = await startTls(t);
  for (let i = 1; i <= 3; i++) {
    const socket = await connectRaw(t, source);
    socket.write('<13>in the clear\n');
    await until('it is refused', () => source.described.tlsHandshakesFailed === i);
  }
  await until('one is told', () => handshakeWarnings(source).length === 1);
  await source.host.clock.advance(60_000);
  assert.partialDeepStrictEqual(handshakeWarnings(source), [{ failed: 1 }, { failed: 2 }]);
  assert.deepEqual(source.records, []);
  await source.stop();
});

test('a handshake that is not done in time is ended', async (t) => {
  const { source } = await startTls(t);
  const socket = await connectRaw(t, source);
  socket.write(Buffer.of(0x16, 0x03, 0x01));
  await until('it is accepted', () => source.described.connections === 1);
  await source.host.clock.advance(9_999);
  assert.equal(source.described.tlsHandshakesFailed, 0);
  socket.write(Buffer.of(0x02));
  const closed = new Promise((done) => socket.resume().once('close', done));
  await source.host.clock.advance(1);
  await closed;
  await until('it is told', () => handshakeWarnings(source).length === 1);
  assert.partialDeepStrictEqual(handshakeWarnings(source), [
    { reason: 'not done within ten seconds', failed: 1 },
  ]);
  assert.equal(source.described.connections, 0);
  await source.stop();
  assert.equal(source.host.clock.sleeping, 0);
});

test('a handshake counts as a connection', async (t) => {
  const { source } = await startTls(t, { connectionsMax: 1 });
  await connectRaw(t, source);
  await until('it is accepted', () => source.described.connections === 1);
  await assert.rejects(connectTls(t, source));
  assert.equal(source.described.connectionsRefused, 1);
  assert.equal(source.described.tlsHandshakesFailed, 0);
  await source.stop();
});

test('a handshake that gives way for another sender is not one that failed', async (t) => {
  const { source } = await startTls(t, { connectionsMax: 2 });
  const waiting = await connectRaw(t, source);
  await connectRaw(t, source);
  await until('both are accepted', () => source.described.connections === 2);
  const closed = new Promise((done) => waiting.resume().once('close', done));
  const other = await connectTls(t, source, { localAddress: '127.0.0.2' } as ConnectionOptions);
  await closed;
  other.end('<13>from another\n');
  await until('it is read', () => source.records.length === 1);
  assert.equal(source.described.connectionsClosedUnfair, 1);
  assert.equal(source.described.tlsHandshakesFailed, 0);
  await source.stop();
});

test('a renewed certificate is taken up without a restart', async (t) => {
  const { source, files } = await startTls(t);
  const early = await connectTls(t, source);
  const first = early.getPeerX509Certificate()!.serialNumber;
  const validTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
  await writeFile(files.certFile, AUTHORITY.issue({ ...NAMES, validTo }).cert);
  await source.host.clock.advance(60_000);
  await until('it is found', () => source.described.tlsCertificateNotRenewed !== undefined);
  assert.match(source.described.tlsCertificateNotRenewed!, /key\.pem.* is not that of the cert/);
  const still = await connectTls(t, source);
  assert.equal(still.getPeerX509Certificate()!.serialNumber, first);
  const renewed = AUTHORITY.issue({ ...NAMES, validTo });
  await writeFiles(renewed, join(files.certFile, '..'));
  await source.host.clock.advance(60_000);
  const isTaken = (): boolean => source.described.tlsCertificateValidTo === validTo.toISOString();
  await until('it is taken up', isTaken);
  assert.equal(source.described.tlsCertificateNotRenewed, undefined);
  const late = await connectTls(t, source);
  assert.notEqual(late.getPeerX509Certificate()!.serialNumber, first);
  for (const socket of [early, still, late]) socket.end('<13>still read\n');
  await until('all are read', () => source.records.length === 3);
  await source.stop();
  const told = source.host.log.entries.map(({ level, message }) => `${level}: ${message}`);
  assert.deepEqual(told, [
    'warn: The TLS files of the syslog listener changed; the old stay in use.',
    'info: The syslog listener uses a new TLS certificate.',
  ]);
});

test('a certificate that has expired is told', async (t) => {
  const validTo = new Date(Date.UTC(2001, 0, 1));
  const files = await writeFiles(AUTHORITY.issue({ ...NAMES, validFrom: new Date(0), validTo }));
  const source = await startSyslog(t, { tls: { addresses: [LOOPBACK], ...files } });
  await source.host.clock.advance(3 * 60_000);
  const [entry, ...others] = source.host.log.entries;
  assert.match(entry!.message, /certificate of the syslog listener has expired/);
  assert.partialDeepStrictEqual(entry!.facts, { validTo: '2001-01-01T00:00:00.000Z' });
  assert.deepEqual(others, []);
  await source.stop();
});

const BROKEN: readonly (readonly [string, (files: Files) => Promise<unknown>, RegExp])[] = [
  [
    'is missing',
    ({ certFile }) => rm(certFile),
    /cannot read .*cert\.pem \(sources\.syslog\.tlsCertFile\): ENOENT.*; put it there, or name ano/,
  ],
  [
    'is no PEM',
    ({ certFile }) => writeFile(certFile, Buffer.of(0x30, 0x82, 1, 2)),
    /cert\.pem \(sources\.syslog\.tlsCertFile\) holds no certificate in PEM form; convert it/,
  ],
  [
    'is damaged',
    async ({ certFile }) => {
      const text = await readFile(certFile, 'utf8');
      await writeFile(certFile, text.replace(/(?<=\n)\w{20}/, ''));
    },
    /certificate 1 of .*cert\.pem \(.*\) is damaged: .*; write the file anew/,
  ],
  [
    'has a key that is none',
    ({ keyFile }) => writeFile(keyFile, 'secret'),
    /key\.pem \(sources\.syslog\.tlsKeyFile\) holds no private key in PEM form; convert it/,
  ],
  [
    'has a key with a passphrase',
    ({ keyFile }) => writeFile(keyFile, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n'),
    /key\.pem \(sources\.syslog\.tlsKeyFile\) has a passphrase; store it without one/,
  ],
  [
    "has another one's key",
    ({ keyFile }) => writeFile(keyFile, selfSigned(NAMES).key),
    /the key in .*key\.pem .* is not that of the certificate in .*cert\.pem; put both/,
  ],
];

for (const [how, damage, expected] of BROKEN) {
  test(`a certificate that ${how} is told, keeps no other address, and is tried again`, async (t) => {
    const certified = AUTHORITY.issue(NAMES);
    const files = await writeFiles(certified);
    await damage(files);
    const settings = { tcp: [LOOPBACK], tls: { addresses: [LOOPBACK], ...files } };
    const source = await startSyslog(t, settings);
    assert.deepEqual([source.described.tcp.length, source.described.tls], [1, []]);
    const [failing] = source.described.failing;
    assert.equal(failing?.address, 'tls 127.0.0.1:0');
    assert.match(failing!.reason, expected);
    assert.doesNotMatch(failing!.reason, /secret/);
    await writeFiles(certified, join(files.certFile, '..'));
    await source.host.clock.advance(1_000);
    await until('it is listened on', () => source.described.tls?.length === 1);
    const socket = await connectTls(t, source);
    socket.end('<13>now\n');
    await until('it is read', () => source.records.length === 1);
    await source.stop();
  });
}
