/**
 * Modules that the bundle has in files of their own. They are evaluated when they are called and
 * let go of afterwards; what is imported stays in memory for good, and these bring libraries
 * that are needed for some milliseconds a day, or once at the start.
 */
import { basename } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** Each with the functions it exports. They are called seldom, and keep nothing between calls. */
const RELEASED: readonly (readonly [module: RegExp, functions: readonly string[]])[] = [
  [/\/identity\/sdk-credential\.js$/, ['createSdkCredential']],
  [/\/config\/config-file\.js$/, ['parseConfigFile']],
];

function standIn(file: string, functions: readonly string[]): string {
  const exported = functions.map(
    (name) => `export const ${name} = (...args) => evaluated().${name}(...args);`,
  );
  return `
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    import { compileFunction } from 'node:vm';
    const filename = fileURLToPath(new URL('./${file}', import.meta.url));
    function evaluated() {
      const module = { exports: {} };
      const code = readFileSync(filename, 'utf8');
      const evaluate = compileFunction(code, ['module', 'require'], { filename });
      evaluate(module, process.getBuiltinModule);
      return module.exports;
    }
    ${exported.join('\n')}`;
}

/** `options` are the bundle's own, its folder among them. Reports what went into the files. */
export function releasedModules(
  options: BuildOptions,
  onInputs: (paths: readonly string[]) => void,
): Plugin {
  return {
    name: 'released modules',
    setup({ onLoad }) {
      for (const [filter, functions] of RELEASED) {
        onLoad({ filter }, async ({ path }) => {
          const name = basename(path, '.js');
          const { metafile } = await build({
            ...options,
            entryPoints: { [name]: path },
            outExtension: { '.js': '.cjs' },
            format: 'cjs',
          });
          onInputs(Object.keys(metafile?.inputs ?? {}));
          return { contents: standIn(`${name}.cjs`, functions), loader: 'js' };
        });
      }
    },
  };
}
