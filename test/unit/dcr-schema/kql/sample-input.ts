import type { TransformInput } from '../../../../packages/dcr-schema/src/kql/transform-report.ts';

/** A stream with a column of most types, one of them with an odd name. */
export const SAMPLE_INPUT: TransformInput = {
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Level', type: 'string' },
    { name: 'Code', type: 'int' },
    { name: 'Body', type: 'dynamic' },
    { name: 'Message', type: 'string' },
    { name: 'client-ip', type: 'string' },
  ],
};
