import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  proxyText,
  routesText,
} from '../../../../../packages/agent/src/host/proxy/forward-proxy.ts';
import { parseProxy } from '../../../../../packages/agent/src/host/proxy/parse-proxy.ts';

interface Read {
  readonly address: string;
  /** `user:password`, as the proxy is told it. */
  readonly told: string | undefined;
  readonly hints: readonly string[];
}

function read(text: string): Read {
  const reading = parseProxy(text);
  assert.ok('proxy' in reading, JSON.stringify(reading));
  const { address, authorization } = reading.proxy;
  const basic = authorization?.reveal().replace(/^Basic /, '');
  const told = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8');
  return { address, told, hints: reading.hints };
}

function mistakeOf(text: string): string {
  const reading = parseProxy(text);
  assert.ok('mistake' in reading, `${text} is taken`);
  return reading.mistake;
}

const READ: readonly [string, string, string | undefined][] = [
  ['http://proxy.example:3128', 'http://proxy.example:3128', undefined],
  ['HTTPS://Proxy.Example:3129/', 'https://proxy.example:3129', undefined],
  ['  http://proxy.example:3128\n', 'http://proxy.example:3128', undefined],
  ['http://192.0.2.7:80', 'http://192.0.2.7:80', undefined],
  ['http://[2001:DB8::1]:3128', 'http://[2001:db8::1]:3128', undefined],
  ['https://proxy.example:443', 'https://proxy.example:443', undefined],
  ['http://büro.example:8080', 'http://xn--bro-hoa.example:8080', undefined],
  ['http://user:secret@proxy.example:3128', 'http://proxy.example:3128', 'user:secret'],
  ['http://user@proxy.example:3128', 'http://proxy.example:3128', 'user:'],
  ['http://user:@proxy.example:3128', 'http://proxy.example:3128', 'user:'],
  ['http://user:p@ss@proxy.example:3128', 'http://proxy.example:3128', 'user:p@ss'],
  ['http://user:p%40ss@proxy.example:3128', 'http://proxy.example:3128', 'user:p@ss'],
  ['http://user:p%2540ss@proxy.example:3128', 'http://proxy.example:3128', 'user:p%40ss'],
  ['http://u:a:b/c#d?e[f]@proxy.example:3128', 'http://proxy.example:3128', 'u:a:b/c#d?e[f]'],
  ['http://u:http://x@proxy.example:3128', 'http://proxy.example:3128', 'u:http://x'],
  ['http://u:100%@proxy.example:3128', 'http://proxy.example:3128', 'u:100%'],
  ['http://u:a+b@proxy.example:3128', 'http://proxy.example:3128', 'u:a+b'],
  ['http://u@corp:pw@proxy.example:3128', 'http://proxy.example:3128', 'u@corp:pw'],
  ['http://corp\\u:pw@proxy.example:3128', 'http://proxy.example:3128', 'corp\\u:pw'],
  ['http://u:%C3%A4ö@proxy.example:3128', 'http://proxy.example:3128', 'u:äö'],
];

const MISTAKES: readonly [string, RegExp][] = [
  ['', /^has no host; write http:\/\/\[user:password@\]host:port$/],
  ['http://', /^has no host/],
  ['http://:3128', /^has no host/],
  ['http://user:pw@', /^has no host/],
  ['socks5://proxy.example:1080', /^speaks SOCKS5, which the agent does not; name its HTTP port/],
  ['socks://u:pw@proxy.example:1080', /^speaks SOCKS, /],
  ['SOCKS5H://proxy.example', /^speaks SOCKS5H, /],
  ['ftp://proxy.example:21', /^is written with ftp:\/\/, which is no kind of proxy/],
  ['http://proxy.example:3128/path', /^has a path after host and port/],
  ['http://proxy.example:3128?x=1', /^has a query or a fragment/],
  ['http://proxy.example:3128#x', /^has a query or a fragment/],
  ['http://proxy.example:port', /^has a port that is not a number/],
  ['http://user:pw', /^has a port that is not a number/],
  ['http://proxy.example:0', /^has a port that is not between 1 and 65535$/],
  ['http://proxy.example:65536', /^has a port that is not between 1 and 65535$/],
  ['http://2001:db8::1:3128', /^has an IPv6 address without brackets/],
  ['http://pro xy.example:3128', /^has a port that is not a number|^has a host that cannot be one/],
  ['http://256.1.1.1:3128', /^has a host that cannot be one/],
  ['http://:pw@proxy.example:3128', /^has a password and no user name/],
  ['http://u%3Av:pw@proxy.example:3128', /^has a user name with a colon/],
  ['http://u:%E4@proxy.example:3128', /percent-encoding is not UTF-8$/],
  ['http://u:a%0d%0ab@proxy.example:3128', /^has a user name or password with control/],
];

suite('the text of a proxy', () => {
  for (const [text, address, told] of READ) {
    test(`${JSON.stringify(text)} is ${address}, told ${told ?? 'no user'}`, () => {
      const { address: found, told: foundTold } = read(text);
      assert.deepEqual([found, foundTold], [address, told]);
    });
  }

  for (const [text, words] of MISTAKES) {
    test(`${JSON.stringify(text)} is a mistake that is told`, () => {
      assert.match(mistakeOf(text), words);
    });
  }

  test('without a port or a scheme is understood, with a hint', () => {
    assert.deepEqual(read('http://proxy.example'), {
      address: 'http://proxy.example:80',
      told: undefined,
      hints: ['the proxy http://proxy.example is written without a port; 80 is used'],
    });
    const bare = read('u:pw@proxy.example:3128');
    assert.deepEqual([bare.address, bare.told], ['http://proxy.example:3128', 'u:pw']);
    assert.match(bare.hints.join(), /without http:\/\/ or https:\/\/; http is used/);
    assert.deepEqual(read('https://u:pw@proxy.example/').address, 'https://proxy.example:443');
  });

  test('with signs of URLs in the password gets a hint how to write them', () => {
    const { hints } = read('http://user:p@s/s@proxy.example:3128');
    assert.deepEqual(hints, [
      "the user name or password of the proxy has '@', '/' as it is, which is understood; better write %40, %2F",
    ]);
    assert.deepEqual(read('http://user:p%40s%2Fs:80%25@proxy.example:3128').hints.length, 1);
    assert.deepEqual(read('http://user:p%40s%2Fs@proxy.example:3128').hints, []);
  });

  test('keeps every password, encoded or as it is', () => {
    const password = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    const user = fc.string({ unit: 'grapheme', minLength: 1 }).filter((u) => !/\p{Cc}|:/u.test(u));
    fc.assert(
      fc.property(user, password, (name, secret) => {
        const encoded = `${encodeURIComponent(name)}:${encodeURIComponent(secret)}`;
        assert.equal(read(`http://${encoded}@p.example:1`).told, `${name}:${secret}`);
        if (/%[\da-f]{2}/i.test(`${name} ${secret}`)) return;
        assert.equal(read(`http://${name}:${secret}@p.example:1`).told, `${name}:${secret}`);
      }),
    );
  });

  test('never throws, and never repeats what was written between scheme and host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const reading = parseProxy(`http://u:Canary${text}`);
        if ('mistake' in reading) assert.doesNotMatch(reading.mistake, /Canary/);
      }),
    );
  });
});

suite('a proxy', () => {
  const reading = parseProxy('http://user:s3cret@proxy.example:3128');
  assert.ok('proxy' in reading);
  const { proxy } = reading;

  test('shows its user and never its password, however it is printed', () => {
    assert.equal(proxyText(proxy), 'http://user:***@proxy.example:3128');
    const shown = [
      JSON.stringify(proxy),
      `${proxy.authorization}`,
      inspect(proxy, { depth: 9, showHidden: true }),
      inspect({ ...proxy }, { depth: 9, showHidden: true }),
    ].join();
    assert.doesNotMatch(shown, /s3cret|dXNlcjpz/);
  });

  test('for each scheme is shown once where they are the same', () => {
    assert.equal(routesText({}), 'none');
    assert.equal(routesText({ https: proxy, http: proxy }), proxyText(proxy));
    assert.equal(routesText({ https: proxy }), `${proxyText(proxy)} (for http URLs: none)`);
  });
});
