/** packages/agent/kernel → kernel.wasm beside it; see the README there. */
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('../packages/agent/kernel/', import.meta.url));
const { error, stderr } = await main([
  `${folder}index.ts`,
  ...['--outFile', `${folder}kernel.wasm`],
  ...[
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--use',
    'abort=',
    '--initialMemory',
    '64',
  ],
]);
if (error !== null) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exitCode = 1;
}
