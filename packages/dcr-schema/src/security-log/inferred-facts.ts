/**
 * What nobody publishes about how the service reads security logs, in one place.
 * `test/contract/inferred-facts.test.ts` pins it.
 */

/** A syslog message is CEF when its tag contains this; source: the open-source Linux agents. */
export const CEF_TAG = 'CEF';
/** And Cisco ASA when its tag contains this. `%FTD` and `%PIX` are neither. */
export const ASA_TAG = '%ASA';

/**
 * Where the tag is another, the text itself may begin so: behind structured data, a program's
 * name (RFC 5424, `app[1]: CEF:0|…`), or a few words that a device puts in front.
 */
export const CEF_IN_TEXT: RegExp = /(?:^|[ \t\r\n\]])CEF:[ ]?(?=\d+(?:\.\d+)?\|)/;
/** How far into a text the above is looked for: text that quotes CEF further on is no CEF. */
export const CEF_PLACE_MAX = 512;

/** Names of the numeric severities, the last of which begins at 9. */
export function severityName(severity: string): string {
  if (!/^\d{1,2}$/.test(severity)) return severity;
  const number = Number(severity);
  if (number > 10) return severity;
  if (number <= 3) return 'Low';
  if (number <= 6) return 'Medium';
  return number <= 8 ? 'High' : 'Very-High';
}

/**
 * What has no column, each pair closed by a semicolon, and so is text that has no key, which comes
 * first. What the service makes of such text is not published: that it is kept here is ours.
 */
export function additionalExtensions(
  pairs: readonly (readonly [string, string])[],
  unkeyed = '',
): string {
  const parts = pairs.map(([key, value]) => `${key}=${value};`);
  return (unkeyed === '' ? parts : [`${unkeyed};`, ...parts]).join('');
}

/** Columns that every message of an ASA carries. */
export const ASA_DEVICE = { DeviceVendor: 'Cisco', DeviceProduct: 'ASA' } as const;

/**
 * `DeviceAction` of ASA messages whose first word is not what the device did. The others are
 * called by their first word: `Built`, `Teardown`, `Deny`, `Denied`.
 */
export const ASA_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['106001', 'Deny'],
  ['111008', 'Executed'],
  ['113004', 'Successful'],
  ['113005', 'Rejected'],
  ['313001', 'Deny'],
  ['605005', 'Permitted'],
  ['710003', 'Deny'],
  ['725001', 'Starting'],
]);
