/** Real rules, as they are found: each is stored and configured, or refused with its findings. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { MACHINE, machineToken, RULE, send, startEmptyLab } from './handlers-fixture.ts';

type Found = { readonly [name: string]: unknown };

/** Every object with data flows, however deep it lies in a template, policy or example. */
function rulesIn(value: unknown): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(rulesIn);
  const { properties } = value as { properties?: unknown };
  const isRule = typeof properties === 'object' && properties !== null && 'dataFlows' in properties;
  return isRule ? [value as Found, ...inner] : inner;
}

async function corpusRules(): Promise<string[]> {
  const files = await readdir(corpusPath('dcr'));
  const texts = await Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFile(corpusPath(`dcr/${file}`), 'utf8')),
  );
  return texts.flatMap((text) => {
    try {
      return [text, ...rulesIn(JSON.parse(text)).map((rule) => JSON.stringify(rule))];
    } catch {
      return [text];
    }
  });
}

test(
  'a real rule is stored and reaches its machine, or its findings are told',
  corpusOptions('dcr'),
  async (t) => {
    const { url, adminToken, admin } = await startEmptyLab(t);
    const counts = { stored: 0, invalid: 0, transforms: 0, unreadable: 0 };
    await admin.put(MACHINE, { location: 'local' });
    const machine = await machineToken(url);
    for (const text of await corpusRules()) {
      const headers = { authorization: `Bearer ${adminToken}` };
      const answer = await send(`${url}${RULE}?api-version=1`, {
        method: 'PUT',
        headers,
        body: text,
      });
      if (answer.status === 400) {
        if (answer.error.code === 'InvalidPayload') counts.invalid += 1;
        else if (answer.error.code === 'InvalidTransformQuery') counts.transforms += 1;
        else counts.unreadable += 1;
        if (answer.error.code !== 'InvalidRequestContent') assert.ok(answer.error.details?.length);
        continue;
      }
      assert.ok(answer.status === 200 || answer.status === 201, answer.text);
      counts.stored += 1;
      await admin.associate(MACHINE, 'corpus', RULE);
      const told = await send(`${url}${MACHINE}/agentConfigurations?api-version=1`, {
        headers: { authorization: machine },
      });
      assert.equal(told.status, 200, told.text);
    }
    t.diagnostic(JSON.stringify(counts));
    assert.ok(counts.stored > 0 && counts.invalid > 0 && counts.transforms > 0);
  },
);
