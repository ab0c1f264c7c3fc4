/** What is worked out once for each template: templates come and go with their files. */
import type { Template } from './binxml-template.ts';

/** A look-up that makes what is not known yet. Events of one template mostly follow each other. */
export function perTemplate<T extends object>(make: (template: Template) => T): (t: Template) => T {
  const known = new WeakMap<Template, T>();
  let last: Template | undefined;
  let lastValue: T | undefined;
  return (template) => {
    if (template === last && lastValue !== undefined) return lastValue;
    let value = known.get(template);
    if (value === undefined) {
      value = make(template);
      known.set(template, value);
    }
    last = template;
    lastValue = value;
    return value;
  };
}
