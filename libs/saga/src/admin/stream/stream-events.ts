/** What the stream tells beside sagas. */
export const CHANGE_KINDS = ['incident', 'hold', 'dead-letter', 'bulk-action', 'operator-action', 'fault'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The events that a client can choose. */
export const STREAM_EVENTS = ['saga', ...CHANGE_KINDS] as const;
export type StreamEvent = (typeof STREAM_EVENTS)[number];
