/** What the kernel `kernel/syslog` exports. */
import type { Kernel } from '../../kernel/kernel.ts';

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
  | 'REFUSED'
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

interface KernelFunctions {
  readMessages(wanted: number, from: number, count: number): number;
  learnMinute(message: number): void;
  writeRows(
    program: number,
    fixedBytes: number,
    wanted: number,
    from: number,
    count: number,
    shift: number,
  ): number;
  writtenRows(): number;
  writtenBytes(): number;
}

export type KernelExports = Kernel<Constant, KernelFunctions>;
