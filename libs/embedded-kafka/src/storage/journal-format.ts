import { crc32c } from './crc32c';

/**
 * How a journal looks on the disk: a mark, then entries. An entry is the length of its JSON, a checksum of that
 * length, a checksum of the JSON, and the JSON. The length has a checksum of its own, so that a last entry that is
 * shorter than announced is known to be torn, and not one whose length was damaged.
 *
 * Journals of before have no mark, and entries without the second field.
 */
export const journalMark = Buffer.from('EKJOURN2');

const headerBytes = 12;
const unmarkedHeaderBytes = 8;

/** An entry that does not read, and what follows it cannot be a crash in the middle of the last write. */
export interface Damage {
  readonly position: number;
}

export interface JournalContent {
  readonly entries: readonly unknown[];
  /** Where each entry begins, and the last one ends. */
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
 * Whether a file ends in bytes that were allotted and never written, as a power cut may leave it. Neither entries nor,
 * with rare exceptions, record batches end like that.
 */
export function endsUnwritten(bytes: Buffer): boolean {
  const end = bytes.subarray(-8);
  return end.length === 8 && end.every((byte) => byte === 0);
}

/** Reads entries until the end, a torn last write or a damage. */
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
  /** Undefined when no whole entry lies here. */
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
  // The length may be what is damaged: then the entry is whole, or others follow it. Or the mark is.
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
    // Every entry is an object: anything else here needs no checksum.
    if (bytes[at + unmarkedHeaderBytes] === 0x7b && unmarkedEndAt(bytes, at) !== undefined) return true;
  }
  return false;
}
