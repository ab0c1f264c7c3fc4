import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  compileBypass,
  isBypassEntry,
} from '../../../../../packages/agent/src/host/proxy/bypass.ts';

/** Entries, a URL, whether it is asked without the proxy. */
const CASES: readonly [string, string, boolean][] = [
  ['a.example', 'https://a.example', true],
  ['a.example', 'https://A.EXAMPLE.', true],
  ['A.Example.', 'https://a.example', true],
  ['a.example', 'https://b.a.example', true],
  ['a.example', 'https://ba.example', false],
  ['a.example', 'https://a.example.org', false],
  ['.a.example', 'https://b.a.example', true],
  ['.a.example', 'https://a.example', true],
  ['.a.example', 'https://ba.example', false],
  ['*.a.example', 'https://c.b.a.example', true],
  ['example', 'https://host.example', true],
  ['büro.example', 'https://xn--bro-hoa.example', true],
  ['my_host', 'https://my_host', true],
  ['*', 'https://anything.example', true],
  ['a.example:443', 'https://a.example', true],
  ['a.example:443', 'https://a.example:8443', false],
  ['a.example:80', 'http://a.example', true],
  ['.a.example:8443', 'https://b.a.example:8443', true],
  ['192.0.2.7', 'https://192.0.2.7', true],
  ['192.0.2.7', 'https://192.0.2.70', false],
  ['192.0.2.7:8443', 'https://192.0.2.7:8443', true],
  ['192.0.2.7:8443', 'https://192.0.2.7', false],
  ['192.0.2.0/24', 'https://192.0.2.200', true],
  ['192.0.2.0/24', 'https://192.0.3.1', false],
  ['192.0.2.77/24', 'https://192.0.2.1', true],
  ['0.0.0.0/0', 'https://8.8.8.8', true],
  ['0.0.0.0/0', 'https://a.example', false],
  ['192.0.2.0/24', 'https://[::ffff:192.0.2.9]', true],
  ['2001:db8::1', 'https://[2001:DB8:0::1]', true],
  ['[2001:db8::1]', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', true],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
  ['2001:db8::/32', 'https://[2001:db8:ffff::1]', true],
  ['2001:db8::/32', 'https://[2001:db9::1]', false],
  ['2001:db8::/32', 'https://192.0.2.1', false],
  ['', 'https://a.example', false],
  // Never through a proxy, whatever the list says.
  ['', 'http://169.254.169.254/metadata', true],
  ['', 'http://168.63.129.16', true],
  ['', 'http://localhost:40342', true],
  ['', 'http://node.localhost:40342', true],
  ['', 'http://127.0.0.1:40342', true],
  ['', 'http://127.8.9.1', true],
  ['', 'http://[::1]:40342', true],
  ['', 'http://[::ffff:127.0.0.1]', true],
  ['', 'http://169.254.169.253', false],
  ['', 'http://localhost.example', false],
];

suite('hosts without a proxy', () => {
  for (const [entry, url, isExempt] of CASES) {
    test(`'${entry}' ${isExempt ? 'exempts' : 'leaves'} ${url}`, () => {
      const { hostname, port, protocol } = new URL(url);
      const bypass = compileBypass(entry === '' ? [] : [entry]);
      assert.equal(bypass(hostname, Number(port) || (protocol === 'https:' ? 443 : 80)), isExempt);
    });
  }

  test('are named in forms that are known; anything else is none', () => {
    for (const [entry] of CASES) assert.ok(entry === '' || isBypassEntry(entry), entry);
    const none = [
      '10.*',
      '<local>',
      'http://a.example',
      '192.0.2.0/33',
      '::/129',
      'a b',
      '[a]',
      '*a',
    ];
    for (const entry of ['', ...none]) assert.ok(!isBypassEntry(entry), entry);
    assert.equal(compileBypass(none)('10.0.0.1', 443), false);
  });
});
