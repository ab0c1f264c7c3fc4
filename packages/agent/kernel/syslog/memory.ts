/**
 * What lies where. The agent puts messages, what they arrived with, and the programs of rows into
 * this memory; nothing is allocated.
 */

/** Of each message, `MESSAGE_BYTES` at `TABLE`. */
export const TABLE: u32 = 65_536;
export const MESSAGES_MAX: u32 = 4_096;
export const MESSAGE_BYTES: u32 = 64;

/** Of each group of messages that arrived together, `ARRIVAL_BYTES` at `ARRIVALS`. */
export const ARRIVALS: u32 = 327_680;
export const ARRIVAL_BYTES: u32 = 16;

/** One byte for each priority, and `NO_PRIORITY`: 0 where the message is not wanted. */
export const WANTED: u32 = 393_216;
export const WANTED_BYTES: u32 = 256;
export const NO_PRIORITY: u32 = 192;
/** In place of the priority of a message that is not collected, whatever is wanted. */
export const REFUSED: u32 = 193;

/** The messages. What is behind the last one may be read. */
export const INPUT: u32 = 458_752;
export const INPUT_BYTES: u32 = 524_288;

/** Programs and the texts they write. */
export const PROGRAMS: u32 = 1_048_576;
export const PROGRAMS_BYTES: u32 = 131_072;

/** Rows, one behind the other. What is behind the last one may be written. */
export const OUTPUT: u32 = 1_179_648;
export const OUTPUT_BYTES: u32 = 900_000;

/** Places in an entry of `TABLE`. */
export const START: u32 = 0;
export const END: u32 = 4;
export const ARRIVAL: u32 = 8;
export const STATE: u32 = 12;
export const PRIORITY: u32 = 13;
/** f64, epoch milliseconds; NaN for none. */
export const TIME: u32 = 16;
export const HOST: u32 = 24;
export const IDENT: u32 = 32;
export const PROCESS: u32 = 40;
export const TEXT: u32 = 48;

/** States of a message. */
export const UNREAD: u32 = 0;
export const READ: u32 = 1;
/** Nobody wants it. */
export const UNWANTED: u32 = 2;
/** It has something that is rare: the twin reads it. */
export const RARE: u32 = 3;
/** Read but for its time, which is of a minute not seen before. */
export const UNTIMED: u32 = 4;

/** Places in an entry of `ARRIVALS`: a text's address and its bytes. */
export const RECEIVED: u32 = 0;
export const SENDER: u32 = 8;
