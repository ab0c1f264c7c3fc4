/** `references`: what transformations and OpenTelemetry sources look things up in. */
import { listOf, members, nonEmptyText, oneOf, type Schema, since, text } from './schema.ts';

const RESOURCE_ID = text('a resource id');

const STORAGE_BLOB = members('a storage blob to look up in', {
  name: nonEmptyText('the name that transformations know it by'),
  resourceId: RESOURCE_ID,
  blobUrl: text('the URL of a blob'),
  lookupType: oneOf('a way to look up', ['String', 'Cidr']),
});

export const REFERENCES: Schema = members('an object of references', {
  enrichmentData: members('an object of enrichment data', {
    storageBlobs: listOf('a list of storage blobs', STORAGE_BLOB),
  }),
  ...since('2024-03-11', {
    applicationInsights: listOf(
      'a list of Application Insights resources',
      members(
        'an Application Insights resource',
        { resourceId: RESOURCE_ID, name: nonEmptyText('a name') },
        ['resourceId', 'name'],
      ),
    ),
  }),
});
