/**
 * Texts that stand for something else: ARM template expressions such as `[parameters('x')]`, which
 * only a deployment evaluates, and `{{name}}` placeholders of connector packages.
 */

const EXPRESSION = /^\[\s*[a-z_]\w*(\.\w+)*\s*\(.*\]$/is;
const PLACEHOLDER = /\{\{\s*\w+\s*\}\}/;

export function isExpression(text: string): boolean {
  return EXPRESSION.test(text) || PLACEHOLDER.test(text);
}
