/** `destinations`: lists of each family, and one family that is a single object. */
import { listOf, members, nonEmptyText, type Schema, since, text } from './schema.ts';

function destination(
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
): Schema {
  const name = nonEmptyText('a name, unique among the destinations');
  return members('a destination', { name, ...properties }, ['name', ...required]);
}

function destinationList(
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
): Schema {
  return listOf('a list of destinations', destination(properties, required));
}

const RESOURCE_ID = text('a resource id');
const STORAGE = { storageAccountResourceId: RESOURCE_ID };
const CONTAINER = { ...STORAGE, containerName: text('the name of a container') };

export const DESTINATIONS: Schema = members('an object of destinations', {
  logAnalytics: destinationList(
    {
      workspaceResourceId: nonEmptyText('the resource id of a Log Analytics workspace'),
      workspaceId: text('the id of the workspace'),
    },
    ['workspaceResourceId'],
  ),
  azureMonitorMetrics: destination({}),
  ...since('2022-06-01', {
    monitoringAccounts: destinationList({
      accountResourceId: RESOURCE_ID,
      accountId: text('the id of the account'),
    }),
    eventHubs: destinationList({ eventHubResourceId: RESOURCE_ID }),
    eventHubsDirect: destinationList({ eventHubResourceId: RESOURCE_ID }),
    storageAccounts: destinationList(CONTAINER),
    storageBlobsDirect: destinationList(CONTAINER),
    storageTablesDirect: destinationList({ ...STORAGE, tableName: text('the name of a table') }),
  }),
  ...since('2023-03-11', {
    microsoftFabric: destinationList({
      tenantId: text('the id of a tenant'),
      artifactId: text('the id of an artifact'),
      databaseName: text('the name of a database'),
      ingestionUri: text('a URI'),
    }),
    azureDataExplorer: destinationList({
      resourceId: RESOURCE_ID,
      databaseName: text('the name of a database'),
      ingestionUri: text('a URI'),
    }),
  }),
});
