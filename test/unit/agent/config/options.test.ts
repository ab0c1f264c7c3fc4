import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import {
  defaultText,
  flagDeclarations,
  givenFlags,
} from '../../../../packages/agent/src/config/command-line.ts';
import { controlSocketPaths } from '../../../../packages/agent/src/config/control-socket.ts';
import { flagOf, variableOf } from '../../../../packages/agent/src/config/option.ts';
import { OPTIONS } from '../../../../packages/agent/src/config/options.ts';
import { resolveConfig } from '../../../../packages/agent/src/config/resolve-config.ts';

const README = fileURLToPath(
  new URL('../../../../packages/agent/src/config/README.md', import.meta.url),
);

suite('the table of options', () => {
  test('stands in the README as in the code', () => {
    const rows = OPTIONS.map((option) => {
      const otherwise = option.otherwise ?? (defaultText(option) ?? '').replace(/.+/, '`$&`');
      const also = option.alsoVariable === undefined ? '' : `, \`${option.alsoVariable}\``;
      const cells = [
        `\`${option.path}\``,
        option.help,
        otherwise,
        `\`${variableOf(option)}\`${also}`,
        `\`--${flagOf(option)}\``,
      ];
      return `| ${cells.join(' | ')} |`;
    });
    const text = readFileSync(README, 'utf8');
    const written = text.split('\n').filter((line) => /^\| `[a-z]/.test(line));
    assert.deepEqual(written, rows);
  });

  test('has names for variables and flags that follow from the path, each once', () => {
    const option = OPTIONS.find(({ path }) => path === 'control.pollIntervalSeconds')!;
    assert.equal(variableOf(option), 'DCR_AGENT_CONTROL_POLL_INTERVAL_SECONDS');
    assert.equal(flagOf(option), 'control-poll-interval-seconds');
    assert.equal(new Set(OPTIONS.map(variableOf)).size, OPTIONS.length);
    assert.equal(new Set(OPTIONS.map(flagOf)).size, OPTIONS.length);
  });

  test('has defaults that are valid values', () => {
    const { config } = resolveConfig({ flags: {}, env: {}, readFile: () => undefined });
    const readFile = (): string => JSON.stringify(config);
    assert.deepEqual(resolveConfig({ flags: {}, env: {}, readFile }).config, config);
  });

  test('becomes flags of a command, and what was given comes back by path', () => {
    const command = new Command();
    for (const { flags, help } of flagDeclarations()) command.option(flags, help);
    const line = [
      '--config=a.yaml',
      '--rules=./rules',
      '--state-dir=/s',
      '--allow-plain-http',
      '--sources-syslog-tcp=127.0.0.1:1',
    ];
    command.parse(line, { from: 'user' });
    assert.deepEqual(givenFlags(command.opts()), {
      config: 'a.yaml',
      rulesDir: './rules',
      stateDir: '/s',
      allowPlainHttp: true,
      'sources.syslog.tcp': '127.0.0.1:1',
    });
  });

  test('tells defaults in the help of flags', () => {
    const help = new Map(flagDeclarations().map((each) => [each.flags, each.help]));
    const folder = 'folder for buffered data, cursors and the last good rules';
    assert.equal(help.get('--state-dir <folder>'), `${folder} (default: /var/lib/dcr-agent)`);
    assert.match(help.get('--log-level <debug|info|warn|error>')!, /\(default: info\)$/);
    assert.match(help.get('--machine-region <name>')!, /\(default: asked from the metadata/);
    assert.match(help.get('--config <file>')!, /\(default: \/etc\/dcr-agent\/agent\.yaml\)$/);
  });
});

suite('the control socket', () => {
  test('is where the option says', () => {
    const paths = controlSocketPaths({ controlSocket: '/x.sock', stateDir: '/s' });
    assert.deepEqual(paths, ['/x.sock']);
  });

  test('is in the runtime folder, else in the state directory', () => {
    const paths = controlSocketPaths({ stateDir: '/s' });
    assert.deepEqual(paths, ['/run/dcr-agent/control.sock', '/s/control.sock']);
  });
});
