import { Body, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiProperty,
  ApiTags,
  PartialType,
} from '@nestjs/swagger';
import { originOf, type Actor } from '../operator-log';
import { AdminController } from './admin.controller';
import { DefinitionRegistry } from '../definition';
import { Interventions } from '../runner';
import { notTaken } from './not-taken';
import { ByActor, OperatorRequest } from './operator';
import { ApiProblems, IdPipe, OPERATOR_HEADER, validRequest } from '../http';

/** A signal that the saga has received. */
export class SignalAccepted {
  @ApiProperty({ format: 'uuid' }) saga!: string;
  @ApiProperty({ example: 'customer-consent' }) signal!: string;
}

/** Programs that send signals need give no reason. */
export class SignalQuery extends PartialType(OperatorRequest) {}

@ApiTags('signals')
@AdminController('sagas/:id/signals')
export class SignalsController {
  constructor(
    private readonly interventions: Interventions,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Post(':name')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give the saga a signal that it waits for now or later' })
  @ApiHeader(OPERATOR_HEADER)
  @ApiBody({ schema: { type: 'object', additionalProperties: true }, description: 'The data of the signal' })
  @ApiAcceptedResponse({ type: SignalAccepted, description: 'The saga has it, and stores it until its wait uses it' })
  @ApiProblems({
    400: 'The id, the reason or X-Operator is not valid, or the body does not fit the signal',
    404: 'No saga has this id, or its definition waits for no such signal',
    409: 'The saga has it already, has ended, or its wait is over; `type` says which',
  })
  async give(
    @Param('id', IdPipe) id: string,
    @Param('name') signal: string,
    @ByActor() actor: Actor,
    @Query(validRequest) { reason }: SignalQuery,
    @Body() payload: unknown,
  ): Promise<SignalAccepted> {
    const event = { kind: 'signalled', signal, payload } as const;
    const intervention = { sagaId: id, event, sender: { by: actor.by, reason }, ...originOf(actor) };
    const outcome = await this.interventions.take(intervention);
    if (outcome.kind !== 'taken') throw notTaken(outcome, intervention, this.registry);
    return { saga: id, signal };
  }
}
