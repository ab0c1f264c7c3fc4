/** `OPERATION_BLOB` → Operation. */
import type { Shape } from './shape.ts';

export const shapeOperation: Shape = (item, origin) => {
  const { Timestamp, Category, ...columns } = item;
  return {
    ...(Timestamp !== undefined && { TimeGenerated: Timestamp }),
    ...(Category !== undefined && { OperationCategory: Category }),
    ...columns,
    ...(origin.sourceComputerId !== undefined && { SourceComputerId: origin.sourceComputerId }),
  };
};
