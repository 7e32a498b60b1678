import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin.controller';
import { DefinitionRegistry } from '../definition';
import { Interventions } from '../runner';
import { notTaken } from './not-taken';
import { ApiProblems } from './problem.view';
import { IdPipe } from '../http';

/** A signal that the saga has received. */
export class SignalAccepted {
  @ApiProperty({ format: 'uuid' }) saga!: string;
  @ApiProperty({ example: 'customer-consent' }) signal!: string;
}

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
  @ApiBody({ schema: { type: 'object', additionalProperties: true }, description: 'The data of the signal' })
  @ApiAcceptedResponse({ type: SignalAccepted, description: 'The saga has it, and stores it until its wait uses it' })
  @ApiProblems({
    400: 'The id is not valid, or the body does not fit the signal',
    404: 'No saga has this id, or its definition waits for no such signal',
    409: 'The saga has it already, has ended, or its wait is over; `type` says which',
  })
  async give(
    @Param('id', IdPipe) id: string,
    @Param('name') signal: string,
    @Body() payload: unknown,
  ): Promise<SignalAccepted> {
    const intervention = { sagaId: id, event: { kind: 'signalled' as const, signal, payload } };
    const outcome = await this.interventions.take(intervention);
    if (outcome.kind !== 'taken') throw notTaken(outcome, intervention, this.registry);
    return { saga: id, signal };
  }
}
