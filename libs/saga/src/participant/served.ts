import { DEFAULT_ORCHESTRATOR, topicsOf, ConfigurationError, type SagaStart, type Topics } from '../contract';

/** The orchestrators that a service takes commands from, and whose sagas it starts. */
export class Served {
  /** Where the service may answer. */
  readonly replyTopics: readonly string[];
  private readonly byReplyTopic: ReadonlyMap<string, Topics>;

  private constructor(
    readonly service: string,
    /** Each by its topics. */
    readonly all: readonly Topics[],
    /** Where goes what cannot be told to be another's. */
    readonly first: Topics,
  ) {
    this.byReplyTopic = new Map(all.map((topics) => [topics.repliesOf(service), topics]));
    this.replyTopics = [...this.byReplyTopic.keys()];
  }

  /** Throws a ConfigurationError when there is none, or a name is no orchestrator's. */
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

  /** The orchestrator that is answered by this topic; undefined when it is not one of the service's own. */
  by(replyto: unknown): Topics | undefined {
    return typeof replyto === 'string' ? this.byReplyTopic.get(replyto) : undefined;
  }

  /** Whether one of them acknowledges by this topic. */
  isAcknowledgement(topic: string): boolean {
    return this.all.some(({ acknowledgements }) => acknowledgements === topic);
  }

  /** The orchestrator of the sagas that begin by this start, or wait for this signal. Throws a ConfigurationError when it is none of these. */
  runs({ name, orchestrator = DEFAULT_ORCHESTRATOR }: Pick<SagaStart, 'name' | 'orchestrator'>): Topics {
    const found = this.all.find((topics) => topics.orchestrator === orchestrator);
    if (found !== undefined) return found;
    throw new ConfigurationError(
      `${name} is for the orchestrator ${orchestrator}, which ${this.service} does not serve; add it to the orchestrators of ParticipantModule.forRoot.`,
    );
  }
}
