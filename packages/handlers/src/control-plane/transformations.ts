/** Where a rule asks for rows to be changed on their way; this server stores them as they come. */
import type { Json } from '@dcr-agent/schema';
import { isJsonObject, type JsonObject, objectMember } from '../http/json.ts';

/** Members that hold a transformation; `source` passes every row as it is. */
const TRANSFORMATIONS = ['transformKql', 'transform', 'builtInTransform'];

/** JSON pointers to every transformation of a rule, however its members are cased. */
export function findTransformations(body: JsonObject): string[] {
  const properties = objectMember(body, 'properties');
  return Object.entries(properties).flatMap(([name, value]) =>
    ['datasources', 'dataflows'].includes(name.toLowerCase())
      ? inValue(value, `/properties/${name}`)
      : [],
  );
}

/** Data sources are arrays by kind, data flows an array: two levels at most. */
function inValue(value: Json, pointer: string, depth = 0): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => (isJsonObject(item) ? inItem(item, `${pointer}/${i}`) : []));
  }
  if (!isJsonObject(value) || depth > 0) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    inValue(member, `${pointer}/${name}`, depth + 1),
  );
}

function inItem(item: JsonObject, pointer: string): string[] {
  return Object.entries(item)
    .filter(([name, value]) => isTransformation(name, value))
    .map(([name]) => `${pointer}/${name}`);
}

function isTransformation(name: string, value: Json): boolean {
  if (!TRANSFORMATIONS.some((known) => known.toLowerCase() === name.toLowerCase())) return false;
  return typeof value === 'string' && value.trim() !== '' && value.trim() !== 'source';
}
