/**
 * What the handlers of this project refuse and Azure does not: they store rows as they come, and
 * would store what a rule with a transformation did not ask for.
 */
import type { FoundRule } from '@dcr-agent/schema/documents';
import type { ReadDocument } from '../documents/read-documents.ts';
import type { FileFinding } from './validation.ts';

export function handlerFindings(documents: readonly ReadDocument[]): readonly FileFinding[] {
  return documents.flatMap(({ file, document }) =>
    document.rules.flatMap((found) =>
      transformed(found).map((pointer) => ({
        ...{ file, severity: 'error' as const, code: 'HANDLER_TRANSFORM' },
        ...found.placeOf(pointer),
        message: 'the handlers cannot evaluate transformations',
        hint: "remove it, or write 'source'",
        service: { code: 'InvalidTransformQuery', target: pointer },
      })),
    ),
  );
}

/** JSON pointers to the transformations of data flows and data sources. */
function transformed({ rule }: FoundRule): readonly string[] {
  if (rule === undefined) return [];
  const flows = rule.dataFlows.flatMap(({ transformKql, transform, builtInTransform }, i) => {
    const at = `/properties/dataFlows/${i}`;
    return [
      ...(isIdentity(transformKql) ? [] : [`${at}/transformKql`]),
      ...(isIdentity(transform) ? [] : [`${at}/transform`]),
      ...(isIdentity(builtInTransform) ? [] : [`${at}/builtInTransform`]),
    ];
  });
  const seen = new Map<string, number>();
  const sources = rule.dataSources.flatMap((source) => {
    const array = source.kind === 'other' ? source.array : source.kind;
    const index = seen.get(array) ?? 0;
    seen.set(array, index + 1);
    const at = `/properties/dataSources/${array}/${index}/transformKql`;
    return isIdentity(source.transformKql) ? [] : [at];
  });
  return [...flows, ...sources];
}

function isIdentity(transform: string | undefined): boolean {
  return ['', 'source'].includes(transform?.trim() ?? '');
}
