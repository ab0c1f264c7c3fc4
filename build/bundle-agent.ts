/**
 * The command `dcr-agent` in a few files: finding and opening a hundred modules took longer than
 * filtering a log of 20 MB. What `tsc` made is joined as it is; libraries stay where they are, but
 * for the parser of command lines, which every command waits for.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}packages/agent/dist/bundle`;
const INLINED = ['commander'];

/** Libraries are found at run time, by the package that depends on them. */
const librariesStay: Plugin = {
  name: 'libraries stay',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) => {
      const isOurs = path.startsWith('@dcr-agent/');
      return isOurs || INLINED.includes(path) ? undefined : { path, external: true };
    });
  },
};

/**
 * Modules that cost more than what is used of them: starting programs as commands, which ours
 * does not do, loads a network stack, and importing the process sets up its three streams.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  'node:child_process': 'export default {};',
  'node:process': 'export default globalThis.process;',
};

const standIns: Plugin = {
  name: 'stand-ins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) =>
      Object.hasOwn(STAND_INS, path) ? { path, namespace: 'stand-in' } : undefined,
    );
    onLoad({ filter: /^node:/, namespace: 'stand-in' }, ({ path }) => ({
      contents: STAND_INS[path] as string,
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: {
    main: `${root}packages/agent/dist/main.js`,
    'deflate-worker': `${root}packages/agent/dist/fragment/deflate-worker.js`,
  },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  plugins: [standIns, librariesStay],
  logLevel: 'warning',
});
for (const name of INLINED) {
  copyFileSync(`${root}node_modules/${name}/LICENSE`, `${outdir}/LICENSE.${name}`);
}
