declare const MISTAKE: unique symbol;

/**
 * What the compiler says about a mistake: it shows this type where it expected something else. No value has the type, so
 * the mistake does not compile.
 */
export type SagaTypeError<Message extends string> = Message & { readonly [MISTAKE]: true };
