/** `source`, or nothing, hands on every record as it is. */
export function isTransformation(kql: string | undefined): boolean {
  const text = kql?.trim() ?? '';
  return text !== '' && text !== 'source';
}
