/**
 * The command `dcr-agent` in a few files: finding and opening a hundred modules took longer than
 * filtering a log of 20 MB, and libraries as they are installed took as much memory as the rest
 * of the agent. What `tsc` made is joined as it is, with what is used of the libraries.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { compiledValidators } from './compiled-validators.ts';
import { licencesOf } from './licences.ts';
import { releasedModules } from './released-modules.ts';
import { ABSENT_GLOBALS, slimBuiltins, slimLibraries } from './slim-libraries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}packages/agent/dist/bundle`;

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const options: BuildOptions = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  // Names stay, so that stack traces can be read.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  define: { ...ABSENT_GLOBALS },
  plugins: [compiledValidators, slimBuiltins, slimLibraries],
  metafile: true,
  logLevel: 'warning',
};
const inputs: string[] = [];
const { metafile } = await build({
  ...options,
  entryPoints: {
    main: `${root}packages/agent/dist/main.js`,
    'deflate-worker': `${root}packages/agent/dist/fragment/deflate-worker.js`,
  },
  splitting: true,
  format: 'esm',
  // Libraries in CommonJS ask for nothing but Node's own modules.
  banner: { js: 'const require = process.getBuiltinModule;' },
  plugins: [releasedModules(options, (paths) => inputs.push(...paths)), ...(options.plugins ?? [])],
});
inputs.push(...Object.keys(metafile?.inputs ?? {}));
writeFileSync(`${outdir}/LICENCES.txt`, licencesOf(root, inputs));
