/** A kernel at work; where it comes from, `kernel-module.ts` says. */

/** An instance of one: its constants (places in memory, sizes, numbers that stand for something). */
export interface Kernel<Constant extends string, Functions> {
  readonly is: Readonly<Record<Constant, number>>;
  readonly functions: Functions;
  /** All of its memory. */
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** With memory of its own. That it exports what the types say, its tests show. */
export function instantiate<Constant extends string, Functions>(
  module: WebAssembly.Module,
): Kernel<Constant, Functions> {
  const { exports } = new WebAssembly.Instance(module);
  const { buffer } = exports.memory as WebAssembly.Memory;
  const constants = Object.entries(exports).flatMap(([name, value]) =>
    value instanceof WebAssembly.Global ? [[name, value.value as number] as const] : [],
  );
  return {
    is: Object.fromEntries(constants) as Record<Constant, number>,
    functions: exports as unknown as Functions,
    bytes: Buffer.from(buffer),
    view: new DataView(buffer),
  };
}
