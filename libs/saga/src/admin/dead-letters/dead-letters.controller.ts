import {
  applyDecorators,
  Body,
  ConflictException,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UnprocessableEntityException,
  type HttpException,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from '../admin.controller';
import { DefinitionRegistry } from '../../definition';
import {
  DeadLetterStore,
  Redriver,
  type DeadLetter,
  type DeadLetterSummary as Summary,
  type RedriveOutcome,
} from '../../dead-letters';
import type { Actor } from '../../operator-log';
import { SagaStore } from '../../store';
import { maskOf } from '../mask-of';
import { ByActor, OperatorRequest } from '../operator';
import { pageOf } from '../page';
import { ApiProblems, IdPipe, OPERATOR_HEADER, validRequest } from '../../http';
import { DeadLetterDetail, DeadLetterPage } from './dead-letter.view';
import { DeadLetterGroups } from './dead-letter-group.view';
import { DeadLetterGroupsQuery, DeadLettersQuery, filterOf, RedriveRequest } from './dead-letters.query';
import { LetterMask } from './letter-mask';
import { groupViewOf, letterDetailOf, letterSummaryOf } from './present-dead-letter';

/** Declares a route by which an operator decides on a dead letter. */
function OperatorDecision(path: string, status: 200 | 202, summary: string): MethodDecorator {
  return applyDecorators(Post(path), HttpCode(status), ApiOperation({ summary }), ApiHeader(OPERATOR_HEADER));
}

@ApiTags('dead letters')
@AdminController('dead-letters')
export class DeadLettersController {
  private readonly mask: LetterMask;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly redriver: Redriver,
    private readonly registry: DefinitionRegistry,
    private readonly sagas: SagaStore,
  ) {
    this.mask = new LetterMask(registry);
  }

  @Get()
  @ApiOperation({ summary: 'List the messages that no receiver could process, the newest first' })
  @ApiOkResponse({ type: DeadLetterPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: DeadLettersQuery): Promise<DeadLetterPage> {
    return pageOf(query, async (after, limit) => {
      const found = await this.store.list(filterOf(query, Date.now()), after, limit);
      return (await this.masked(found)).map(letterSummaryOf);
    });
  }

  @Get('groups')
  @ApiOperation({
    summary: 'List the reasons of dead letters with how many there are, those of the most letters first',
  })
  @ApiOkResponse({ type: DeadLetterGroups })
  @ApiProblems({ 400: 'A filter is not valid' })
  async groups(@Query(validRequest) { status, limit }: DeadLetterGroupsQuery): Promise<DeadLetterGroups> {
    const { groups, total } = await this.store.groups(status, limit);
    const samples = await this.masked(groups.map(({ sample }) => sample));
    const items = groups.map((group, index) =>
      groupViewOf({ ...group, sample: samples[index] ?? group.sample }, status),
    );
    return { items, groups: total };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One dead letter with its message; sensitive data are masked' })
  @ApiOkResponse({ type: DeadLetterDetail })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No dead letter has this id' })
  async find(@Param('id', IdPipe) id: string): Promise<DeadLetterDetail> {
    const letter = await this.store.find(id);
    if (letter === undefined) throw noSuchLetter(id);
    return this.viewOf(letter);
  }

  @OperatorDecision(
    ':id/reveal',
    200,
    'Show the whole message, with its sensitive data; the operator log keeps who did',
  )
  @ApiOkResponse({ type: DeadLetterDetail })
  @ApiProblems({ 400: 'The id, the reason or X-Operator is not valid', 404: 'No dead letter has this id' })
  async reveal(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<DeadLetterDetail> {
    const letter = await this.store.reveal(id, actor, reason);
    if (letter === undefined) throw noSuchLetter(id);
    return letterDetailOf(letter, this.registry.heard, { ...letter, masked: undefined });
  }

  @OperatorDecision(':id/redrive', 202, 'Redrive the message: send it again, unchanged, to its topic')
  @ApiAcceptedResponse({ type: DeadLetterDetail, description: 'Decided; `sentAt` is when the broker acknowledged it' })
  @ApiProblems({
    400: 'The id, the reason or X-Operator is not valid',
    404: 'No dead letter has this id',
    409: 'It was discarded',
    422: 'A redrive cannot help, or the origin is not proven and there is no `override`; `detail` says why',
  })
  async redrive(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason, override }: RedriveRequest,
  ): Promise<DeadLetterDetail> {
    const outcome = await this.redriver.redrive(id, { ...actor, because: reason }, override);
    return this.viewOf(letterIn(outcome, id));
  }

  @OperatorDecision(':id/discard', 200, 'Discard the message; this is final')
  @ApiOkResponse({ type: DeadLetterDetail })
  @ApiProblems({
    400: 'The id, the reason or X-Operator is not valid',
    404: 'No dead letter has this id',
    409: 'It was redriven',
  })
  async discard(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<DeadLetterDetail> {
    const outcome = await this.redriver.discard(id, { ...actor, because: reason });
    return this.viewOf(letterIn(outcome, id));
  }

  /** Their details may quote the data of their sagas. */
  private async masked(letters: readonly Summary[]): Promise<Summary[]> {
    if (!this.mask.hasAny) return [...letters];
    const { sagas } = await this.sagas.read([...new Set(letters.flatMap(({ sagaId }) => sagaId ?? []))]);
    return letters.map((letter) => {
      const saga = sagas.get(letter.sagaId ?? '');
      return saga ? { ...letter, detail: maskOf(this.registry, saga.state).text(letter.detail) } : letter;
    });
  }

  private viewOf(letter: DeadLetter): DeadLetterDetail {
    return letterDetailOf(letter, this.registry.heard, this.mask.shown(letter));
  }
}

/** Returns the dead letter after the decision. Throws a problem when the decision could not be made. */
function letterIn(outcome: RedriveOutcome, id: string): DeadLetter {
  switch (outcome.kind) {
    case 'stands':
      return outcome.letter;
    case 'unknown':
      throw noSuchLetter(id);
    case 'decided-otherwise': {
      const { status, decision } = outcome.letter;
      throw new ConflictException({
        type: `urn:palinode:problem:already-${status}`,
        title: 'It is already decided',
        message: `${decision?.by} has ${status} it: ${decision?.because}. That is final.`,
      });
    }
    case 'doubted':
      throw new UnprocessableEntityException({
        type: 'urn:palinode:problem:doubted',
        title: 'The origin of the message is not proven',
        message: `${outcome.rejection.detail} Discard it; or, if you know its origin, send override with how you know it.`,
      });
    default:
      throw new UnprocessableEntityException({
        type: 'urn:palinode:problem:not-redrivable',
        title: 'A redrive cannot help',
        message: `${outcome.rejection.detail} Discard it, and correct the sender of such messages.`,
      });
  }
}

function noSuchLetter(id: string): HttpException {
  return new NotFoundException(`No dead letter has the id ${id}.`);
}
