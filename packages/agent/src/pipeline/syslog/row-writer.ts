/** Writes rows of syslog messages record by record. */
import type { SyslogRecord } from '../../record.ts';
import { IsoTimes } from '../iso-times.ts';
import { JsonLiteral } from '../json-literal.ts';
import type { RowWriter } from '../record-stage.ts';
import type { RowPiece } from './row-pieces.ts';
import { FACILITY_MAX, SEVERITY_MAX } from './syslog-names.ts';

const QUOTE = 0x22;
const ZERO = 0x30;
const DIGITS_MAX = 9;

export function syslogRowWriter(pieces: readonly RowPiece[]): RowWriter<SyslogRecord> {
  const writers = pieces.map(writerOf);
  return (record, out) => {
    for (const write of writers) write(record, out);
  };
}

function writerOf(piece: RowPiece): RowWriter<SyslogRecord> {
  switch (piece.kind) {
    case 'raw': {
      const literal = new JsonLiteral(piece.json);
      return (_, out) => out.raw(literal);
    }
    case 'facility': {
      const literals = literalsUpTo(FACILITY_MAX, piece.json);
      return ({ facility }, out) => out.raw(literals[facility + 1]!);
    }
    case 'severity': {
      const literals = literalsUpTo(SEVERITY_MAX, piece.json);
      return ({ severity }, out) => out.raw(literals[severity + 1]!);
    }
    case 'received': {
      const times = new IsoTimes();
      return ({ receivedAtMs }, out) => times.write(receivedAtMs, out);
    }
    case 'eventTime':
      return eventTime();
    case 'host': {
      const orElse = new JsonLiteral(piece.orElse);
      return ({ bytes, parts: { hostStart, hostEnd } }, out) => {
        if (hostStart === hostEnd) out.raw(orElse);
        else out.utf8(bytes, hostStart, hostEnd);
      };
    }
    case 'sender': {
      const orElse = new JsonLiteral(piece.orElse);
      return ({ senderAddress }, out) => {
        if (senderAddress === '') out.raw(orElse);
        else out.text(senderAddress);
      };
    }
    case 'ident':
      return ({ bytes, parts }, out) => out.utf8(bytes, parts.identStart, parts.identEnd);
    case 'processId':
      return ({ bytes, parts }, out) => out.utf8(bytes, parts.processIdStart, parts.processIdEnd);
    case 'processNumber':
      return processNumber(piece.json);
    case 'text':
      return ({ bytes, parts }, out) => out.utf8(bytes, parts.messageStart, parts.messageEnd);
  }
}

/** Without a time of its own a message is from when it was received. */
function eventTime(): RowWriter<SyslogRecord> {
  const times = new IsoTimes();
  return ({ parts: { eventTimeMs }, receivedAtMs }, out) =>
    times.write(Number.isNaN(eventTimeMs) ? receivedAtMs : eventTimeMs, out);
}

function processNumber(json: string): RowWriter<SyslogRecord> {
  const before = new JsonLiteral(json);
  return ({ bytes, parts: { processIdStart, processIdEnd } }, out) => {
    const number = wholeNumber(bytes, processIdStart, processIdEnd);
    if (number < 0) {
      out.byte(QUOTE);
    } else {
      out.raw(before);
      out.digits(number);
    }
  };
}

/** -1 for what is no number of one to nine digits. */
function wholeNumber(bytes: Buffer, start: number, end: number): number {
  if (start === end || end - start > DIGITS_MAX) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** From -1 on. */
function literalsUpTo(max: number, json: (number: number) => string): readonly JsonLiteral[] {
  return Array.from({ length: max + 2 }, (_, i) => new JsonLiteral(json(i - 1)));
}
