import { crc32c } from './crc32c';

/**
 * The file format of a journal: a mark, then entries. An entry is the length of its JSON, a checksum of that length, a
 * checksum of the JSON, and the JSON. The separate checksum of the length distinguishes a torn last entry from one with
 * a damaged length.
 *
 * Journals of format 1 have no mark, and entries without the second field.
 */
export const journalMark = Buffer.from('EKJOURN2');

const headerBytes = 12;
const unmarkedHeaderBytes = 8;

/** A damaged entry that cannot be the result of an interrupted last write. */
export interface Damage {
  readonly position: number;
}

export interface JournalContent {
  readonly entries: readonly unknown[];
  /** The start of each entry, and the end of the last one. */
  readonly positions: readonly number[];
  readonly damage: Damage | undefined;
}

export function encodeEntry(entry: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(entry));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(json.length, 0);
  header.writeUInt32BE(crc32c(header, 0, 4), 4);
  header.writeUInt32BE(crc32c(json), 8);
  return Buffer.concat([header, json]);
}

export function isMarked(bytes: Buffer): boolean {
  return bytes.subarray(0, journalMark.length).equals(journalMark);
}

/**
 * Whether a file ends in bytes that were allocated and never written, as after a power cut. Entries never end in such
 * bytes, and record batches almost never.
 */
export function endsUnwritten(bytes: Buffer): boolean {
  const end = bytes.subarray(-8);
  return end.length === 8 && end.every((byte) => byte === 0);
}

/** Reads entries up to the end, a torn last write or damage. */
export function readJournal(bytes: Buffer): JournalContent {
  const entryAt = isMarked(bytes) ? markedEntryAt : unmarkedEntryAt;
  const entries: unknown[] = [];
  const positions = [isMarked(bytes) ? journalMark.length : 0];
  for (;;) {
    const position = positions.at(-1)!;
    const found = entryAt(bytes, position);
    if (found.end === undefined) {
      return { entries, positions, damage: found.isDamaged ? { position } : undefined };
    }
    entries.push(JSON.parse(bytes.toString('utf8', found.start, found.end)));
    positions.push(found.end);
  }
}

interface Found {
  readonly start: number;
  /** Undefined when there is no whole entry here. */
  readonly end: number | undefined;
  readonly isDamaged: boolean;
}

const torn: Found = { start: 0, end: undefined, isDamaged: false };

function unreadable(bytes: Buffer): Found {
  return { ...torn, isDamaged: !endsUnwritten(bytes) };
}

function markedEntryAt(bytes: Buffer, position: number): Found {
  if (bytes.length - position < headerBytes) return torn;
  if (crc32c(bytes, position, position + 4) !== bytes.readUInt32BE(position + 4)) return unreadable(bytes);
  const start = position + headerBytes;
  const end = start + bytes.readUInt32BE(position);
  if (end > bytes.length) return torn;
  if (crc32c(bytes, start, end) !== bytes.readUInt32BE(position + 8)) return unreadable(bytes);
  return { start, end, isDamaged: false };
}

function unmarkedEntryAt(bytes: Buffer, position: number): Found {
  if (bytes.length - position < unmarkedHeaderBytes) return torn;
  const end = unmarkedEndAt(bytes, position);
  if (end !== undefined) return { start: position + unmarkedHeaderBytes, end, isDamaged: false };
  const announcedEnd = position + unmarkedHeaderBytes + bytes.readUInt32BE(position);
  if (announcedEnd <= bytes.length) return unreadable(bytes);
  // The length or the mark may be damaged: then the entry is whole, or others follow it.
  const isWhole = crc32c(bytes, position + unmarkedHeaderBytes) === bytes.readUInt32BE(position + 4);
  const hasMarkedEntry = position === 0 && markedEntryAt(bytes, journalMark.length).end !== undefined;
  return { ...torn, isDamaged: isWhole || hasMarkedEntry || hasUnmarkedEntryAfter(bytes, position) };
}

function unmarkedEndAt(bytes: Buffer, position: number): number | undefined {
  const start = position + unmarkedHeaderBytes;
  const end = start + bytes.readUInt32BE(position);
  const isIntact = end <= bytes.length && crc32c(bytes, start, end) === bytes.readUInt32BE(position + 4);
  return isIntact ? end : undefined;
}

function hasUnmarkedEntryAfter(bytes: Buffer, position: number): boolean {
  for (let at = position + 1; at + unmarkedHeaderBytes < bytes.length; at++) {
    // Every entry is an object, so anything else is damage.
    if (bytes[at + unmarkedHeaderBytes] === 0x7b && unmarkedEndAt(bytes, at) !== undefined) return true;
  }
  return false;
}
