/**
 * The instance of a value that is the whole machine's. That `% Used Space` of all file systems has
 * the instance `total` is documented for Linux agents; that every other object has the same is
 * inferred. `test/contract/inferred-facts.test.ts` pins it.
 */
export const WHOLE_MACHINE = 'total';
