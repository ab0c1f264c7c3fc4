/** The schemas of rules as files, one for each API version: `packages/dcr-schema/schemas`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { API_VERSIONS } from '../packages/dcr-schema/src/rule/schema/api-versions.ts';
import { publishedSchema } from '../packages/dcr-schema/src/rule/schema/published-schema.ts';

const folder = fileURLToPath(new URL('../packages/dcr-schema/schemas/', import.meta.url));

mkdirSync(folder, { recursive: true });
for (const version of API_VERSIONS) {
  const text = `${JSON.stringify(publishedSchema(version), null, 2)}\n`;
  writeFileSync(`${folder}data-collection-rule-${version}.json`, text);
}
