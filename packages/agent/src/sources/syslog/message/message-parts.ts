/**
 * What a message's header and text say, apart from its priority, as places in its bytes. A part
 * that is missing is empty.
 */
export interface MessageParts {
  /** Epoch milliseconds; `NaN` where there is no time. */
  eventTimeMs: number;
  hostStart: number;
  hostEnd: number;
  identStart: number;
  identEnd: number;
  processIdStart: number;
  processIdEnd: number;
  messageStart: number;
  messageEnd: number;
}

export function noParts(): MessageParts {
  return {
    eventTimeMs: Number.NaN,
    hostStart: 0,
    hostEnd: 0,
    identStart: 0,
    identEnd: 0,
    processIdStart: 0,
    processIdEnd: 0,
    messageStart: 0,
    messageEnd: 0,
  };
}
