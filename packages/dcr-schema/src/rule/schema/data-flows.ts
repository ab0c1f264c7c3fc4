import { listOf, members, nonEmptyText, type Schema, someOf, text } from './schema.ts';

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
      transformKql: text('a KQL text'),
      outputStream: nonEmptyText('the name of a stream'),
      builtInTransform: text('the name of a built-in transformation'),
      captureOverflow: { type: 'boolean', meaning: 'true or false' },
      transform: text('the name of a transformation'),
    },
    ['streams', 'destinations'],
  ),
);
