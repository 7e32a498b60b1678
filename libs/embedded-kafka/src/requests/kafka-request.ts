import type { Broker } from '../broker';
import { MalformedRequestError } from '../wire/malformed-request-error';
import { WireReader } from '../wire/wire-reader';
import { WireWriter } from '../wire/wire-writer';

/** The connection of a request, as its handler sees it. */
export interface RequestOrigin {
  readonly host: string;
  /** The memory that is free for responses. */
  readonly answerRoomBytes: number;
  /** Whether the client has already sent more after this request. */
  hasNextRequest(): boolean;
  /**
   * Registers a request that waits: `cut` is called when it should stop waiting. Returns a function that unregisters
   * it.
   */
  park(cut: () => void): () => void;
  /** Calls back when the connection closes. Returns a function that unregisters the callback. */
  onClose(listener: () => void): () => void;
}

/** One request: its header, and its body, which the handler reads. */
export class KafkaRequest {
  readonly apiKey: number;
  readonly version: number;
  readonly clientId: string;
  readonly body: WireReader;
  private readonly correlationId: number;

  constructor(
    frame: Buffer,
    readonly origin: RequestOrigin,
  ) {
    this.body = new WireReader(frame);
    this.apiKey = this.body.int16();
    this.version = this.body.int16();
    this.correlationId = this.body.int32();
    this.clientId = this.body.nullableString() ?? '';
  }

  /** Reads the rest of the header, and sets whether body and response are flexible. */
  useFlexible(isFlexible: boolean): void {
    this.body.isFlexible = isFlexible;
    this.body.tags();
  }

  /** A response to this request, with its header written. */
  answer(): WireWriter {
    return new WireWriter(this.correlationId, this.body.isFlexible).tags();
  }

  /** A response whose header has no tagged fields, as only that of ApiVersions. */
  answerWithPlainHeader(isFlexible: boolean): WireWriter {
    return new WireWriter(this.correlationId, isFlexible);
  }
}

/** A response; undefined when the client wants none. */
export type RequestOutcome = WireWriter | undefined;

export interface ApiHandler {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version whose lengths are variable-length integers and whose structures have tagged fields. */
  readonly flexibleFrom: number;
  /** Reads the whole request before it does anything, so that a malformed one has no effect. */
  readonly handle: (request: KafkaRequest, broker: Broker) => RequestOutcome | Promise<RequestOutcome>;
}

export function unsupported(request: KafkaRequest): MalformedRequestError {
  return new MalformedRequestError(`API ${request.apiKey} version ${request.version} is not supported.`);
}
