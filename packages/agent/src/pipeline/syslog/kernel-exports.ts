/** What the kernel `kernel/syslog` exports, and its memory as the engine shows it. */

/** Places and sizes in memory, and numbers that stand for something; see its `memory.ts`. */
type Constant =
  | 'TABLE'
  | 'MESSAGES_MAX'
  | 'MESSAGE_BYTES'
  | 'ARRIVALS'
  | 'ARRIVAL_BYTES'
  | 'WANTED'
  | 'WANTED_BYTES'
  | 'NO_PRIORITY'
  | 'INPUT'
  | 'INPUT_BYTES'
  | 'PROGRAMS'
  | 'PROGRAMS_BYTES'
  | 'OUTPUT'
  | 'OUTPUT_BYTES'
  | 'START'
  | 'END'
  | 'ARRIVAL'
  | 'STATE'
  | 'PRIORITY'
  | 'TIME'
  | 'HOST'
  | 'IDENT'
  | 'PROCESS'
  | 'TEXT'
  | 'UNREAD'
  | 'READ'
  | 'RARE'
  | 'RECEIVED'
  | 'SENDER'
  | 'STEP_BYTES'
  | 'STEP_END'
  | 'STEP_RAW'
  | 'STEP_FACILITY'
  | 'STEP_SEVERITY'
  | 'STEP_RECEIVED'
  | 'STEP_EVENT_TIME'
  | 'STEP_HOST'
  | 'STEP_SENDER'
  | 'STEP_IDENT'
  | 'STEP_PROCESS'
  | 'STEP_PROCESS_NUMBER'
  | 'STEP_TEXT';

export interface KernelFunctions {
  readMessages(wanted: number, from: number, count: number): number;
  learnMinute(message: number): void;
  writeRows(
    program: number,
    fixedBytes: number,
    wanted: number,
    from: number,
    count: number,
  ): number;
  writtenRows(): number;
  writtenBytes(): number;
}

export interface KernelExports {
  readonly is: Readonly<Record<Constant, number>>;
  readonly functions: KernelFunctions;
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** An instance with memory of its own. */
export function instantiate(module: WebAssembly.Module): KernelExports {
  const { exports } = new WebAssembly.Instance(module);
  const { buffer } = exports.memory as WebAssembly.Memory;
  const constants = Object.entries(exports).flatMap(([name, value]) =>
    value instanceof WebAssembly.Global ? [[name, value.value as number] as const] : [],
  );
  return {
    is: Object.fromEntries(constants) as KernelExports['is'],
    functions: exports as unknown as KernelFunctions,
    bytes: Buffer.from(buffer),
    view: new DataView(buffer),
  };
}
