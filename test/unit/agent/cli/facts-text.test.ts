import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsText } from '../../../../packages/agent/src/cli/facts-text.ts';

const KNOWN: readonly [object, string][] = [
  [{ pattern: '/var/log/*.log', files: 2 }, 'pattern=/var/log/*.log files=2'],
  [
    {
      tcp: [
        { address: '::1', port: 514 },
        { address: '127.0.0.1', port: 0 },
      ],
    },
    'tcp=::1:514,127.0.0.1:0',
  ],
  [
    { files: [{ path: '/a', records: 3, position: { chunk: 1, record: 2 } }] },
    'files={path=/a records=3 position={chunk=1 record=2}}',
  ],
  [{ path: '/a', port: 1 }, 'path=/a port=1'],
  [{ damaged: 0, note: '', list: [], none: null, isOpen: false }, 'isOpen=false'],
  [{ channel: 'System', files: [], hint: 'nothing is read' }, 'nothing is read'],
  [{}, '-'],
];

for (const [facts, text] of KNOWN) {
  test(text, () => assert.equal(factsText({ ...facts }), text));
}
