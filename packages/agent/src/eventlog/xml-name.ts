/** Which names XML can carry. Source: XML 1.0 (fifth edition) §2.3, Namespaces in XML §4. */

const START =
  'A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}' +
  '\\u{200c}\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}' +
  '\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}';
const LOCAL_NAME = `[${START}][${START}.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}-]*`;
const QUALIFIED_NAME = new RegExp(`^${LOCAL_NAME}(?::${LOCAL_NAME})?$`, 'u');

export function isQualifiedName(text: string): boolean {
  return isPlainName(text) || QUALIFIED_NAME.test(text);
}

/** Names are nearly always letters, which spares compiling the expression. */
function isPlainName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const lower = text.charCodeAt(i) | 0x20;
    if (lower < 0x61 || lower > 0x7a) return false;
  }
  return text.length > 0;
}

export function localName(qualifiedName: string): string {
  return qualifiedName.slice(qualifiedName.indexOf(':') + 1);
}
