/** Names of logon types. Source: Windows security auditing, "4624(S)", table of logon types. */
const LOGON_TYPES: ReadonlyMap<number | string | undefined, string> = new Map([
  [0, 'System'],
  [2, 'Interactive'],
  [3, 'Network'],
  [4, 'Batch'],
  [5, 'Service'],
  [7, 'Unlock'],
  [8, 'NetworkCleartext'],
  [9, 'NewCredentials'],
  [10, 'RemoteInteractive'],
  [11, 'CachedInteractive'],
  [12, 'CachedRemoteInteractive'],
  [13, 'CachedUnlock'],
]);

/** `10 - RemoteInteractive`; the bare number for a type without a name. */
export function logonTypeName(type: number | string | undefined): string | undefined {
  if (type === undefined) return undefined;
  const name = LOGON_TYPES.get(type);
  return name === undefined ? String(type) : `${type} - ${name}`;
}
