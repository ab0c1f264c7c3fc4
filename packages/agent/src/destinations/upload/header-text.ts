/** Resource groups may have names no header can carry; those letters are percent-encoded. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/gu, (part) => encodeURIComponent(part.toWellFormed()));
}
