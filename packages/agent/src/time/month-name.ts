/** Months by their English names of three letters. */
import type { Scanner } from './scanner.ts';

const MONTHS = Buffer.from('JanFebMarAprMayJunJulAugSepOctNovDec');

/** Month from 1, with the place behind its name, or -1. */
export function readMonthName(scan: Scanner): number {
  const { at } = scan;
  const [first, second, third] = [scan.codeAt(at), scan.codeAt(at + 1), scan.codeAt(at + 2)];
  for (let name = 0; name < MONTHS.length; name += 3) {
    if (MONTHS[name] === first && MONTHS[name + 1] === second && MONTHS[name + 2] === third) {
      scan.at += 3;
      return name / 3 + 1;
    }
  }
  return -1;
}
