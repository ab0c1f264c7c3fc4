/**
 * The API versions of `Microsoft.Insights/dataCollectionRules`, oldest first, each with all of the
 * one before. Source: the published specification; of the last one only its documentation.
 */

export const API_VERSIONS = [
  '2019-11-01-preview',
  '2021-04-01',
  '2021-09-01-preview',
  '2022-06-01',
  '2023-03-11',
  '2024-03-11',
  '2025-05-11',
] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** `undefined` for one that is not published; the service was seen to accept such. */
export function publishedApiVersion(text: string): ApiVersion | undefined {
  const wanted = text.trim().toLowerCase();
  return API_VERSIONS.find((version) => version === wanted);
}

/** Has `version` what came with `since`? */
export function hasSince(version: ApiVersion, since: ApiVersion | undefined): boolean {
  return since === undefined || API_VERSIONS.indexOf(since) <= API_VERSIONS.indexOf(version);
}
