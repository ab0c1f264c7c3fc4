import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import { readAuthorities } from '../../../../packages/agent/src/host/authorities.ts';
import { createAuthority } from '../../../support/certificates.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('every certificate of a file is taken, with whatever stands between them', async () => {
  const [one, two] = ['One', 'Two'].map((name) => createAuthority(name).cert.trim());
  const file = join(await temporaryFolder(), 'both.pem');
  await writeFile(file, `# One\n${one}\n\n# Two\n${two}\n`);
  assert.deepEqual(readAuthorities(file), [one, two]);
});

test('a file that is missing, empty or damaged is a mistake of the configuration', async () => {
  const folder = await temporaryFolder();
  const cases: [string, string | undefined, RegExp][] = [
    ['missing.pem', undefined, /^tls\.caFile \S+missing\.pem cannot be read$/],
    ['empty.pem', 'nothing\n', /has no certificate in it \(PEM, BEGIN CERTIFICATE\)$/],
    [
      'damaged.pem',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /is damaged: certificate 1 cannot be read: /,
    ],
  ];
  for (const [name, text, words] of cases) {
    const file = join(folder, name);
    if (text !== undefined) await writeFile(file, text);
    assert.throws(
      () => readAuthorities(file),
      (error) => isAgentError(error, 'AGENT_CONFIG_INVALID') && words.test(error.message),
    );
  }
});
