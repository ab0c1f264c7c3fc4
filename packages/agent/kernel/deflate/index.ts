/** What the agent calls. Input goes to `input()`, output is found at `output()`. */
import { adler32 as adler32Of } from './checksum';
import { deflate as deflateOf } from './deflate';
import { INPUT, INPUT_MAX, OUTPUT } from './memory';

export function input(): u32 {
  return INPUT;
}

export function inputMax(): u32 {
  return INPUT_MAX;
}

export function output(): u32 {
  return OUTPUT;
}

/** Compresses so many bytes of input; returns how many bytes of output there are. */
export function deflate(length: u32): u32 {
  return deflateOf(length);
}

export function adler32(length: u32): u32 {
  return adler32Of(INPUT, length);
}
