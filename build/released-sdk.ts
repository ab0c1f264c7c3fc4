/**
 * The identity SDK in a file of its own, which the bundle evaluates when a token is asked for and
 * lets go of afterwards; a module would stay in memory for good.
 */
import { type BuildOptions, build, type Plugin } from 'esbuild';

const FILE = 'sdk-credential.cjs';

const LOADER = `
  import { readFileSync } from 'node:fs';
  import { fileURLToPath } from 'node:url';
  import { compileFunction } from 'node:vm';
  const filename = fileURLToPath(new URL('./${FILE}', import.meta.url));
  export async function loadSdk() {
    const module = { exports: {} };
    const code = readFileSync(filename, 'utf8');
    const evaluate = compileFunction(code, ['module', 'require'], { filename });
    evaluate(module, process.getBuiltinModule);
    return module.exports;
  }`;

/** `options` are the bundle's own, its folder among them. Reports what went into the file. */
export function releasedSdk(options: BuildOptions, onInputs: (paths: string[]) => void): Plugin {
  return {
    name: 'released SDK',
    setup({ onLoad }) {
      onLoad({ filter: /\/identity\/load-sdk\.js$/ }, async ({ path }) => {
        const { metafile } = await build({
          ...options,
          entryPoints: [path.replace('load-sdk', 'sdk-credential')],
          entryNames: FILE.replace('.cjs', ''),
          outExtension: { '.js': '.cjs' },
          format: 'cjs',
        });
        onInputs(Object.keys(metafile?.inputs ?? {}));
        return { contents: LOADER, loader: 'js' };
      });
    },
  };
}
