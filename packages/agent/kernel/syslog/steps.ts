/**
 * A program tells how a row is written: a list of steps of four words each, the first of which
 * is one of these. The agent makes programs of the pieces that its own writers are made of.
 */
export const STEP_BYTES: u32 = 16;

export const STEP_END: u32 = 0;
/** The text at the first word, of as many bytes as the second says. */
export const STEP_RAW: u32 = 1;
/** One of a list of texts. */
export const STEP_FACILITY: u32 = 2;
export const STEP_SEVERITY: u32 = 3;
export const STEP_RECEIVED: u32 = 4;
export const STEP_EVENT_TIME: u32 = 5;
/** The message's host, or else the text. */
export const STEP_HOST: u32 = 6;
export const STEP_SENDER: u32 = 7;
export const STEP_IDENT: u32 = 8;
export const STEP_PROCESS: u32 = 9;
/** The text and the process id where that is a number, a quote otherwise. */
export const STEP_PROCESS_NUMBER: u32 = 10;
export const STEP_TEXT: u32 = 11;
