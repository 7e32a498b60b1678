import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Use } from '@palinode/saga/asyncapi';
import type { Command, JsonSchema, ReplyOutcome, Reply } from '@palinode/saga/contract';

type Document = Readonly<Record<string, unknown>>;

/** A command of the AsyncAPI document. */
export interface DescribedCommand {
  readonly type: string;
  readonly payload: JsonSchema;
  /** The sagas and steps that send it; empty when none does any more. */
  readonly uses: readonly Use[];
}

/** One participant of an AsyncAPI document: its commands and their possible replies. */
export class ParticipantContract {
  readonly service: string;
  /** Its command topic on the broker. */
  readonly topic: string;
  readonly commands: ReadonlyMap<string, DescribedCommand>;
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  private readonly validators = new Map<string, ValidateFunction>();

  /** Throws when the document has no such topic. */
  constructor(
    private readonly document: Document,
    /** Its command topic as in the document. */
    name: string,
    /** The prefix of all topics on the broker. */
    prefix = '',
  ) {
    this.service = name.replace(/\.commands$/, '');
    this.topic = `${prefix}${name}`;
    const channel = (document['channels'] as Record<string, { messages: object }> | undefined)?.[name];
    if (channel === undefined)
      throw new Error(
        `The document has no channel ${name}; it has ${Object.keys(document['channels'] ?? {}).join(', ')}.`,
      );
    this.commands = new Map(Object.keys(channel.messages).map((type) => [type, this.describe(type)]));
    this.ajv.addSchema(document, 'document');
  }

  /** The compensations, each with its action. */
  pairs(): readonly { readonly action: string; readonly compensation: string }[] {
    return [...this.commands.values()].flatMap(({ type, uses }) =>
      [...new Set(uses.flatMap(({ undoes }) => undoes ?? []))].map((action) => ({ action, compensation: type })),
    );
  }

  /** The actions of earlier stages that the same saga sends to this participant before this command. */
  before(type: string): readonly string[] {
    const [use] = this.commands.get(type)?.uses ?? [];
    if (use === undefined) return [];
    const earlier = [...this.commands.values()].flatMap(({ type: each, uses }) =>
      uses
        .filter(
          ({ saga, version, direction }) => saga === use.saga && version === use.version && direction === 'action',
        )
        .filter(({ stage }) => stage < use.stage)
        .map(({ stage }) => ({ each, stage })),
    );
    return earlier.toSorted((a, b) => a.stage - b.stage).map(({ each }) => each);
  }

  /** The errors of a reply to this command according to its schema. */
  problemsOf(command: Command, reply: Partial<Reply>): readonly string[] {
    const key = this.replyKey(command.type, reply.outcome);
    if (key === undefined) return [`${command.type} cannot be answered by the outcome ${String(reply.outcome)}`];
    const validate = this.validator(`/components/messages/${key}/payload`);
    const fits: boolean = validate(reply);
    if (fits) return [];
    // A compensation's reply is not read, and may be empty when there was nothing to do.
    const empty = command.sagadirection === 'compensation' && reply.data === null;
    return (validate.errors ?? [])
      .filter(({ instancePath }) => !(empty && instancePath.startsWith('/data')))
      .map(({ instancePath, message, params }) => {
        const allowed: unknown = params['allowedValue'] ?? params['allowedValues'];
        return `${instancePath.slice(1) || 'the reply'} ${message}${allowed === undefined ? '' : ` ${JSON.stringify(allowed)}`}`;
      });
  }

  /** The schema behind a reference. */
  at(schema: JsonSchema): JsonSchema {
    const reference = schema['$ref'];
    if (typeof reference !== 'string') return schema;
    return this.at(this.find(reference.slice(1)) as JsonSchema);
  }

  private describe(type: string): DescribedCommand {
    const message = this.find(`/components/messages/${type}`) as { 'x-sagas'?: readonly Use[] };
    return { type, payload: this.find(`/components/schemas/${type}`) as JsonSchema, uses: message['x-sagas'] ?? [] };
  }

  private replyKey(type: string, outcome: ReplyOutcome | undefined): string | undefined {
    const operation = this.find(`/operations/${this.service}.receive.${type}`) as {
      reply: { messages: readonly { $ref: string }[] };
    };
    return operation.reply.messages
      .map(({ $ref }) => $ref.slice($ref.lastIndexOf('/') + 1))
      .find(
        (key) =>
          (this.find(`/components/messages/${key}/payload/properties/outcome`) as JsonSchema)['const'] === outcome,
      );
  }

  private validator(pointer: string): ValidateFunction {
    const known = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `document#${pointer}` });
    this.validators.set(pointer, known);
    return known;
  }

  private find(pointer: string): unknown {
    const found = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], this.document);
    if (found === undefined) throw new Error(`The document has no #${pointer}.`);
    return found;
  }
}
