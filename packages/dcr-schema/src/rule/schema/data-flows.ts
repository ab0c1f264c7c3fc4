import { listOf, members, nonEmptyText, type Schema, since, someOf, text } from './schema.ts';

export const DATA_FLOWS: Schema = listOf(
  'a list of data flows',
  members(
    'a data flow',
    {
      streams: someOf('a list of stream names', nonEmptyText('the name of a stream')),
      destinations: someOf(
        'a list of destination names',
        nonEmptyText('the name of a destination of this rule'),
      ),
      ...since('2021-09-01-preview', {
        transformKql: text('a KQL text'),
        outputStream: nonEmptyText('the name of a stream'),
      }),
      ...since('2022-06-01', { builtInTransform: text('the name of a built-in transformation') }),
      ...since('2023-03-11', { captureOverflow: { type: 'boolean', meaning: 'true or false' } }),
      ...since('2025-05-11', { transform: text('the name of a transformation') }),
    },
    ['streams', 'destinations'],
  ),
);
