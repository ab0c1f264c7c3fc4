/**
 * What the handlers of this project refuse and Azure does not: they store rows as they come, and
 * would store what a rule with a transformation did not ask for.
 */
import { dataSourcePointers, type FoundRule, isTransformation } from '@dcr-agent/schema/documents';
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
    const steps = Object.entries({ transformKql, transform, builtInTransform });
    return steps.flatMap(([name, step]) =>
      isTransformation(step) ? [`/properties/dataFlows/${i}/${name}`] : [],
    );
  });
  const pointers = dataSourcePointers(rule);
  const sources = rule.dataSources.flatMap(({ transformKql }, i) =>
    isTransformation(transformKql) ? [`${pointers[i]}/transformKql`] : [],
  );
  return [...flows, ...sources];
}
