/** The project's own source, as tests about its shape read it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** Path from the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Specifiers of `import`, `export … from` and `import()`. */
  readonly imports: readonly string[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every `.ts` file below a folder of the checkout. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .filter((path) => !/\/dist\//.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(root + path, 'utf8');
      return { path, text, lines: text.split('\n'), imports: importsOf(text) };
    });
}

function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const names = /^(?:import|export)\s[\w\s{},*$]*?\bfrom\s*'([^']+)'/gm;
  const statements = [...code.matchAll(names), ...code.matchAll(/^import\s*'([^']+)'/gm)];
  const calls = code.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [...statements, ...calls].map((match) => match[1]!);
}

/** A relative import as a path from the root; `undefined` for a package. */
export function resolveImport(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = file.path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
