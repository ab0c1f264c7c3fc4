import type { DeclarationPart } from './read-parts.ts';
import type { Column } from './rule.ts';
import { COLUMN_TYPES } from './schema/stream-declarations.ts';

/** The columns of a declaration that have a type there is; types are in any letter case. */
export function typedColumns({ columns }: DeclarationPart): Column[] {
  return columns.flatMap(({ name, type }): Column[] => {
    const published = COLUMN_TYPES.find((t) => t === type?.toLowerCase());
    return published === undefined ? [] : [{ name: name.text, type: published }];
  });
}
