/**
 * Texts that stand for something else: ARM template expressions such as `[parameters('x')]`, which
 * only a deployment evaluates, and `{{name}}` placeholders of connector packages.
 */

const EXPRESSION = /^\[\s*[a-z_]\w*(\.\w+)*\s*\(.*\]$/is;
const PLACEHOLDER = /\{\{\s*\w+\s*\}\}/;

export function isExpression(text: string): boolean {
  return EXPRESSION.test(text) || isPlaceholder(text);
}

/** Does it hold a `{{name}}`? */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** The expression that stands for a parameter of a template. */
export function parameterExpression(name: string): string {
  return `[parameters('${name.replaceAll("'", "''")}')]`;
}
