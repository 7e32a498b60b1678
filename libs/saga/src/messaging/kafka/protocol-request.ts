/** The kinds of requests that the library encodes or decodes itself, by their numbers in Kafka's protocol. */
export const API_KEYS = { produce: 0, fetch: 1, describeConfigs: 32 } as const;

/** A request of kafkajs, with the decoder of its response. */
export interface ProtocolRequest {
  readonly request: { readonly apiVersion: number; readonly encode: () => Promise<unknown> };
  readonly response: { readonly decode: (bytes: Buffer) => Promise<object>; readonly parse: unknown };
}

/** Makes a request of one kind and version. */
export type MakeRequest = (input: object) => ProtocolRequest;

/** Returns the request to send instead of one that kafkajs has built. */
export type ReplaceRequest = (made: ProtocolRequest, input: object) => ProtocolRequest;
