/** The units in which this kernel counts, from /proc/self/auxv. Source: getauxval(3). */

const CLOCK_TICK = 17;
const PAGE_SIZE = 6;
const ENTRY_BYTES = 16;

export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** What all common machines have; where 64-bit words of the common order are not found. */
export const USUAL_UNITS: KernelUnits = { pageBytes: 4096, ticksPerSecond: 100 };

export function parseKernelUnits(auxv: Buffer): KernelUnits {
  let { pageBytes, ticksPerSecond } = USUAL_UNITS;
  for (let at = 0; at + ENTRY_BYTES <= auxv.length; at += ENTRY_BYTES) {
    const value = Number(auxv.readBigUInt64LE(at + 8));
    if (value < 1 || value > 0x7fff_ffff) continue;
    const key = auxv.readBigUInt64LE(at);
    if (key === BigInt(PAGE_SIZE)) pageBytes = value;
    if (key === BigInt(CLOCK_TICK)) ticksPerSecond = value;
  }
  return { pageBytes, ticksPerSecond };
}
