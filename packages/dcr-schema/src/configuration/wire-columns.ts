/**
 * How the agent learns which columns a stream has. Inferred: what the service tells its agents is
 * not published. Here a data source whose rows depend on them carries the declarations of its
 * streams, in the form they have in a rule. `test/contract/inferred-facts.test.ts` pins it.
 */
import type { Column, ColumnType, Json, StreamDeclaration } from '../rule/rule.ts';
import { COLUMN_TYPES } from '../rule/schema/stream-declarations.ts';

type WireConfiguration = { readonly [name: string]: Json };

/** Member of the data source's configuration, empty where nothing is declared. */
export function wireColumns(
  streams: readonly string[],
  declarations: readonly StreamDeclaration[],
): WireConfiguration {
  const own = declarations.filter(({ stream }) => streams.includes(stream));
  if (own.length === 0) return {};
  const entries = own.map(({ stream, columns }) => [
    stream,
    { columns: columns.map(({ name, type }) => ({ name, type })) },
  ]);
  return { streamDeclarations: Object.fromEntries(entries) };
}

/** Columns of a stream; `undefined` where nothing is said of it. What is no column is left out. */
export function readWireColumns(
  configuration: WireConfiguration,
  stream: string,
): readonly Column[] | undefined {
  const columns = memberOf(memberOf(configuration.streamDeclarations, stream), 'columns');
  if (!Array.isArray(columns)) return undefined;
  return columns.flatMap((column: Json): Column[] => {
    const [name, type] = [memberOf(column, 'name'), memberOf(column, 'type')];
    const known = typeof name === 'string' && COLUMN_TYPES.some((each) => each === type);
    return known ? [{ name, type: type as ColumnType }] : [];
  });
}

function memberOf(holder: Json | undefined, name: string): Json | undefined {
  const isHolder = typeof holder === 'object' && holder !== null && !Array.isArray(holder);
  return isHolder && Object.hasOwn(holder, name) ? (holder as WireConfiguration)[name] : undefined;
}
