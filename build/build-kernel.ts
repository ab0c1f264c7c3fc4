/** packages/agent/kernel/<name>/ → <name>.wasm beside the folder; see the README there. */
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('../packages/agent/kernel/', import.meta.url));
/** Of memory, 64 KiB each: what the layouts of each need. */
const PAGES: Readonly<Record<string, number>> = { deflate: 64, syslog: 33, lines: 20 };

for (const [name, pages] of Object.entries(PAGES)) {
  const { error, stderr } = await main([
    `${folder}${name}/index.ts`,
    ...['--outFile', `${folder}${name}.wasm`],
    ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='],
    ...['--initialMemory', `${pages}`],
  ]);
  if (error === null) continue;
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exitCode = 1;
}
