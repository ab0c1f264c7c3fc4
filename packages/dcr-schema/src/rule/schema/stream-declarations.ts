import type { ColumnType } from '../rule.ts';
import { listOf, mapOf, members, nonEmptyText, type Schema } from './schema.ts';

export const COLUMN_TYPES: readonly ColumnType[] = [
  'string',
  'int',
  'long',
  'real',
  'boolean',
  'datetime',
  'dynamic',
];

const COLUMN: Schema = members(
  'a column',
  {
    name: nonEmptyText('the name of a column'),
    type: {
      type: 'string',
      meaning: `one of ${COLUMN_TYPES.join(', ')}`,
      enum: COLUMN_TYPES,
      isClosedEnum: true,
      insteadOf: {
        guid: "declare it 'string' and turn it into a guid with toguid() in transformKql",
        uuid: "declare it 'string' and turn it into a guid with toguid() in transformKql",
        bool: "use 'boolean'",
        integer: "use 'int', or 'long' for 64 bits",
        bigint: "use 'long'",
        double: "use 'real'",
        float: "use 'real'",
        number: "use 'real', or 'long' for whole numbers",
        decimal: "use 'real'",
        date: "use 'datetime'",
        timespan: "declare it 'string' and turn it into a timespan in transformKql",
        object: "use 'dynamic'",
        array: "use 'dynamic'",
        json: "use 'dynamic'",
      },
    },
  },
  ['name', 'type'],
);

export const STREAM_DECLARATIONS: Schema = mapOf(
  'an object of stream declarations',
  members('a stream declaration', { columns: listOf('a list of columns', COLUMN) }, ['columns']),
);
