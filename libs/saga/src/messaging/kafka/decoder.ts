/** kafkajs' decoder of one buffer. */
export interface Decoder {
  readonly buffer: Buffer;
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string;
  readVarInt(): number;
  readVarIntBytes(): Buffer;
  readBytes(length: number): Buffer;
  canReadBytes(length: number): boolean;
  readArray<T>(reader: (decoder: Decoder) => T): T[];
  readVarIntArray<T>(reader: (decoder: Decoder) => T): T[];
}

export type NewDecoder = new (bytes: Buffer) => Decoder;

/** Why the messages of a batch cannot be read. */
export interface Undecodable {
  readonly detail: string;
  /** The size of the batch as it came. */
  readonly bytes: number;
}

/** A record as kafkajs has it, as far as it concerns us. */
export interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly isControlRecord: boolean;
  readonly undecodable?: Undecodable;
}
