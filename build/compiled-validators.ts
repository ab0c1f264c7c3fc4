/**
 * Schemas compiled when the command is bundled: ajv and what it does at the start of a process
 * take more memory than all rules. A module `…-validators.js` has `SCHEMAS`, `createAjv` and
 * `validatorOf`; in its place comes one with the same `validatorOf` and no ajv.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { _, type Ajv, type Options, type Schema } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';

interface ValidatorsModule {
  readonly SCHEMAS: Readonly<Record<string, Schema>>;
  createAjv(code: Options['code']): Ajv;
}

export const compiledValidators: Plugin = {
  name: 'compiled validators',
  setup({ onLoad }) {
    onLoad({ filter: /-validators\.js$/ }, async ({ path }) => {
      const { SCHEMAS, createAjv } = (await import(path)) as ValidatorsModule;
      const ajv = createAjv({ source: true, esm: true, optimize: true, formats: _`FORMATS` });
      for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, name);
      const names = Object.keys(SCHEMAS);
      const exported = Object.fromEntries(names.map((name) => [name, name]));
      const formats = './value-formats.js';
      const hasFormats = existsSync(join(dirname(path), formats));
      const contents = `
        ${hasFormats ? `import { FORMATS } from '${formats}';` : ''}
        ${standalone.default(ajv, exported)}
        const compiled = { ${names.join(', ')} };
        export const validatorOf = (name) => compiled[name];`;
      return { contents, loader: 'js' };
    });
  },
};
