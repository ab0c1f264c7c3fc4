/** No token is ever written down: not into a log, a status or a file, whatever goes wrong. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GatewayRequest } from '../support/gateway.ts';
import { openLaboratory } from '../support/laboratory.ts';
import type { LocalAnswer } from '../support/local-server.ts';
import { everythingLeft, everythingSaid } from '../support/said-and-left.ts';
import { keptMessages, SYSLOG_RULE, sendSyslog } from '../support/syslog-rule.ts';
import { BOTH, numberedLines } from '../support/two-workspaces.ts';

/** What was sent comes back in the answer, as careless services do it. */
function echo(status: number): (request: GatewayRequest) => LocalAnswer {
  return ({ url, headers }) => {
    const { authorization = 'none' } = headers;
    const message = `cannot serve '${url}' for authorization ${authorization} (${authorization})`;
    return {
      status,
      headers: { 'x-ms-error-code': 'Echo', 'x-echo': authorization },
      body: { error: { code: 'Echo', message } },
    };
  };
}

const SCENES: readonly [string, RegExp, (request: GatewayRequest) => LocalAnswer | undefined][] = [
  ['all is well', /\/ods\//, () => undefined],
  ['the control plane refuses', /agentConfigurations/, echo(403)],
  ['the control plane is down', /agentConfigurations/, echo(500)],
  ['no token is issued', /issueIngestionToken/, echo(403)],
  ['a workspace finds the batch bad', /\/ods\//, echo(400)],
  ['a workspace refuses the token', /\/ods\//, echo(401)],
  ['a workspace forbids', /\/ods\//, echo(403)],
];

/** Places a token was found at, whole or only its signature. */
function leaks(texts: ReadonlyMap<string, string>, tokens: ReadonlySet<string>): string[] {
  const needles = [...tokens].flatMap((token) => [token, token.slice(token.lastIndexOf('.') + 1)]);
  return [...texts]
    .filter(([, text]) => needles.some((needle) => text.includes(needle)))
    .map(([place]) => place);
}

test('no token is in a log, a status or a file after everything that can go wrong', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const { gateway } = lab;
  const lines = numberedLines(join(lab.folder, '*.log'));
  await lab.putRule({
    streamDeclarations: lines.streamDeclarations,
    dataSources: { ...SYSLOG_RULE.dataSources, logFiles: lines.logFiles },
    dataFlows: [...SYSLOG_RULE.dataFlows, lines.flow],
  });
  const written = new Map<string, string>();
  for (const [scene, url, answer] of SCENES) {
    const agent = await lab.startAgent();
    await agent.statusWhen(({ lanes }) => lanes.length === BOTH.length + 1);
    gateway.intercept = (request) => (url.test(request.url) ? answer(request) : undefined);
    const before = gateway.requests.length;
    await sendSyslog(agent, keptMessages(1, 5));
    await agent.statusWhen(() => {
      const since = gateway.requests.slice(before);
      return since.filter((request) => url.test(request.url)).length >= 2;
    });
    const said = await everythingSaid(agent);
    gateway.intercept = () => undefined;
    await agent.stop();
    for (const [place, text] of [...said, ...(await everythingLeft(agent))]) {
      written.set(`${scene}: ${place}`, text);
    }
  }

  assert.ok(gateway.tokens.size >= 3, `${gateway.tokens.size} tokens were seen`);
  assert.ok([...written.keys()].some((place) => place.endsWith('configuration.json')));
  assert.ok(
    [...written.values()].some((text) => text.includes('Echo')),
    'refusals are told',
  );
  assert.deepEqual(leaks(written, gateway.tokens), []);
  // The search finds what is there.
  const [token] = gateway.tokens;
  assert.deepEqual(leaks(new Map([['x', `a ${token} b`]]), gateway.tokens), ['x']);
});
