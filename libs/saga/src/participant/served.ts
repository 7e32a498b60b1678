import { DEFAULT_ORCHESTRATOR, topicsOf, ConfigurationError, type SagaStart, type Topics } from '../contract';

/** The orchestrators that a service takes commands from, and whose sagas it starts. */
export class Served {
  /** The topics on which the service may reply. */
  readonly replyTopics: readonly string[];
  private readonly byReplyTopic: ReadonlyMap<string, Topics>;

  private constructor(
    readonly service: string,
    /** The topics of each orchestrator. */
    readonly all: readonly Topics[],
    /** The orchestrator that gets the dead letters of messages that belong to no known one. */
    readonly first: Topics,
  ) {
    this.byReplyTopic = new Map(all.map((topics) => [topics.repliesOf(service), topics]));
    this.replyTopics = [...this.byReplyTopic.keys()];
  }

  /** @throws ConfigurationError when the list is empty, or a name is invalid */
  static of(service: string, orchestrators: readonly string[] = [DEFAULT_ORCHESTRATOR], prefix?: string): Served {
    const all = [...new Set(orchestrators)].map((orchestrator) => topicsOf({ orchestrator, prefix }));
    const [first] = all;
    if (first === undefined)
      throw new ConfigurationError(`${service} serves no orchestrator; name one in ParticipantModule.forRoot.`);
    if (orchestrators.includes(service))
      throw new ConfigurationError(
        `${service} is the name of an orchestrator that it serves; both would read ${first.commandsOf(service)}.`,
      );
    return new Served(service, all, first);
  }

  /** The orchestrator with this reply topic; undefined when it is none of the service's own. */
  by(replyto: unknown): Topics | undefined {
    return typeof replyto === 'string' ? this.byReplyTopic.get(replyto) : undefined;
  }

  /** Whether this is the acknowledgement topic of one of them. */
  isAcknowledgement(topic: string): boolean {
    return this.all.some(({ acknowledgements }) => acknowledgements === topic);
  }

  /**
   * The orchestrator of the sagas that this start begins, or that wait for this signal.
   *
   * @throws ConfigurationError when it is none of these
   */
  runs({ name, orchestrator = DEFAULT_ORCHESTRATOR }: Pick<SagaStart, 'name' | 'orchestrator'>): Topics {
    const found = this.all.find((topics) => topics.orchestrator === orchestrator);
    if (found !== undefined) return found;
    throw new ConfigurationError(
      `${name} is for the orchestrator ${orchestrator}, which ${this.service} does not serve; add it to the orchestrators of ParticipantModule.forRoot.`,
    );
  }
}
