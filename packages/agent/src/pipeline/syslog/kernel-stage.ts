/**
 * The stages of all syslog flows of a source at once, by the kernel: messages are taken apart
 * and their rows written where no engine of JavaScript looks at a byte. `syslogStage` is its
 * twin: it defines what is right, and takes what does not fit here.
 */
import type { SyslogFlow } from '@dcr-agent/schema';
import { instantiate } from '../../kernel/kernel.ts';
import type { Records, SyslogMessages, SyslogRecord } from '../../record.ts';
import type { FlowCounts } from '../flow-counts.ts';
import { jsonContent } from '../json-literal.ts';
import type { OutletRows } from '../outlet-rows.ts';
import type { BulkFlow, BulkStage } from '../pipeline.ts';
import type { RowContext } from '../record-stage.ts';
import type { KernelExports } from './kernel-exports.ts';
import { KernelTable } from './kernel-table.ts';
import { syslogRow } from './row-pieces.ts';
import { ProgramMemory, type RowProgram } from './row-program.ts';
import { FACILITY_MAX, SEVERITY_MAX } from './syslog-names.ts';
import { priorityFilter } from './syslog-stage.ts';

/** Of rows without their messages; the rest of the kernel's output is for these. */
const FIXED_BYTES_MAX = 100_000;

/** `undefined` where the flows are too many for the kernel, or their rows too long. */
export function syslogKernelStage(
  module: WebAssembly.Module,
  flows: readonly SyslogFlow[],
  context: RowContext,
): BulkStage<SyslogRecord> | undefined {
  const kernel: KernelExports = instantiate(module);
  try {
    return new KernelStage(kernel, flows, context);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class KernelStage implements BulkStage<SyslogRecord> {
  readonly #kernel: KernelExports;
  readonly #table: KernelTable;
  readonly #programs: Readonly<Record<'ods' | 'gig', RowProgram>>;
  readonly #wantedByAny: number;
  /** By flow. */
  readonly #wanted: readonly number[];

  constructor(kernel: KernelExports, flows: readonly SyslogFlow[], context: RowContext) {
    this.#kernel = kernel;
    this.#table = new KernelTable(kernel, jsonContent(context.hostIp));
    const programs = new ProgramMemory(kernel);
    this.#programs = {
      ods: programs.add(syslogRow('ods', context)),
      gig: programs.add(syslogRow('gig', context)),
    };
    const { ods, gig } = this.#programs;
    if (Math.max(ods.fixedBytes, gig.fixedBytes) > FIXED_BYTES_MAX) throw new RangeError();
    const filters = flows.map((flow) => priorityFilter(flow));
    this.#wantedByAny = this.#addFilter(0, (f, s) => filters.some((selects) => selects(f, s)));
    this.#wanted = filters.map((selects, i) => this.#addFilter(i + 1, selects));
  }

  process(records: Records<SyslogRecord>, flows: readonly BulkFlow[]): boolean {
    if (!isMessages(records) || flows.some(({ rows }) => rows.size === 0)) return false;
    if (!this.#table.read(records, this.#wantedByAny)) return false;
    for (const [i, { counts, rows }] of flows.entries()) {
      const wanted = this.#wanted[i]!;
      let kept = 0;
      for (const [protocol, outletRows] of rows) {
        kept = this.#write(this.#programs[protocol === 'ods' ? 'ods' : 'gig'], wanted, outletRows);
      }
      const refused = this.#refuse(wanted, counts);
      counts.add(records.count, records.count - kept - refused);
    }
    return true;
  }

  /** Returns how many that the flow wants are refused. */
  #refuse(wanted: number, counts: FlowCounts): number {
    let refused = 0;
    for (const { priority, reason } of this.#table.refusals) {
      if (this.#kernel.bytes[wanted + priority] === 0) continue;
      counts.reject(reason);
      refused += 1;
    }
    return refused;
  }

  /** Returns how many rows there are. */
  #write({ address, fixedBytes }: RowProgram, wanted: number, outletRows: OutletRows): number {
    const { functions, bytes, is } = this.#kernel;
    const { count } = this.#table;
    let total = 0;
    for (let at = 0; at < count; ) {
      const { shift } = outletRows;
      const next = functions.writeRows(address, fixedBytes, wanted, at, count, shift);
      if (next === at) throw new Error('the kernel has no room for a row');
      at = next;
      const rows = functions.writtenRows();
      const start = is.OUTPUT + shift;
      if (rows > 0)
        outletRows.append(bytes.subarray(start, start + functions.writtenBytes()), rows);
      total += rows;
    }
    return total;
  }

  #addFilter(index: number, selects: (facility: number, severity: number) => boolean): number {
    const { bytes, is } = this.#kernel;
    const address = is.WANTED + index * is.WANTED_BYTES;
    if (address + is.WANTED_BYTES > is.INPUT) throw new RangeError();
    for (let facility = 0; facility <= FACILITY_MAX; facility++) {
      for (let severity = 0; severity <= SEVERITY_MAX; severity++) {
        bytes[address + 8 * facility + severity] = selects(facility, severity) ? 1 : 0;
      }
    }
    bytes[address + is.NO_PRIORITY] = selects(-1, -1) ? 1 : 0;
    return address;
  }
}

function isMessages(records: Records<SyslogRecord>): records is SyslogMessages {
  return 'groups' in records;
}
