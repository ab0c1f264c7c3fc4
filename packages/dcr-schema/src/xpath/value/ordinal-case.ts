/**
 * Ordinal comparison without regard to case, as Windows compares names: UTF-16 unit by unit, each
 * by its simple upper-case form. `toUpperCase` alone maps whole strings and would make 'ß' equal
 * to 'SS'; a unit outside ASCII never equals one inside (`ı` is not `I`).
 */
export function equalsIgnoringCase(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right && upperUnit(left) !== upperUnit(right)) return false;
  }
  return true;
}

function upperUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  const upperUnit = upper.charCodeAt(0);
  return upper.length === 1 && upperUnit >= 0x80 ? upperUnit : unit;
}
