/** A single value inside a text: truth is written `True`, as .NET does. */
export function textOfScalar(value: null | boolean | number | string): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? '' : String(value);
}
