export interface PostgresMessage {
  /** One letter; empty for the start-up message, which has no type. */
  readonly type: string;
  readonly body: Buffer;
}

/** Splits the bytes of one direction of a connection into the messages of PostgreSQL's protocol (version 3). */
export class PostgresMessages {
  private rest: Buffer = Buffer.alloc(0);
  private begun: boolean;

  constructor(side: 'client' | 'server') {
    this.begun = side === 'server';
  }

  take(bytes: Buffer): PostgresMessage[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: PostgresMessage[] = [];
    for (;;) {
      const head = this.begun ? 1 : 0;
      if (this.rest.length < head + 4) return messages;
      const end = head + this.rest.readInt32BE(head);
      if (this.rest.length < end) return messages;
      messages.push({ type: this.rest.toString('latin1', 0, head), body: this.rest.subarray(head + 4, end) });
      this.rest = this.rest.subarray(end);
      this.begun = true;
    }
  }
}

/** The zero-terminated text at the offset, and the start of the next one. */
export function textAt(body: Buffer, from: number): { text: string; next: number } {
  const end = body.indexOf(0, from);
  return { text: body.toString('utf8', from, end), next: end + 1 };
}

/** The statement that a Bind message names, and its values as sent: as text or in binary. */
export function readBind(body: Buffer): { statement: string; values: (Buffer | undefined)[] } {
  const portal = textAt(body, 0);
  const { text: statement, next } = textAt(body, portal.next);
  let at = next + 2 + 2 * body.readInt16BE(next);
  const values: (Buffer | undefined)[] = [];
  let left = body.readInt16BE(at);
  at += 2;
  for (; left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? undefined : body.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return { statement, values };
}
