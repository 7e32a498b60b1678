import { Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiProblems, EVENT_STREAM_HEADERS, invalidRequest, validRequest } from '../../http';
import { AdminController } from '../admin.controller';
import { AdminStreams } from './admin-streams';
import { filterIn, StreamRequest, type StreamQuery } from './stream.query';
import { ApiStreamResponse } from './stream.view';

@ApiTags('stream')
@AdminController('stream')
export class StreamController {
  constructor(private readonly streams: AdminStreams) {}

  @Get()
  @ApiOperation({
    summary: 'Follow what changes, by server-sent events',
    description:
      'Everything, one saga, or the sagas that match filters. The first event is a ping with a position: load the lists after it, and ignore events of a saga whose revision is not greater than the loaded one. A client that was cut off sends the last id that it has seen as Last-Event-ID, to any instance, and is told what has changed since.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Begins after the event with this id' })
  @ApiStreamResponse()
  @ApiProblems({
    400: 'A filter is not valid',
    422: 'A filter beside `saga`',
    503: 'Too many streams are open; see Retry-After',
  })
  follow(
    @Query(validRequest) { lastEventId, ...query }: StreamRequest,
    @Headers('last-event-id') header: string | undefined,
    @Req() request: IncomingMessage,
    @Res() reply: ServerResponse | FastifyReply,
  ): void {
    assertOneSaga(query);
    this.streams.assertRoom();
    const response = responseOf(reply);
    if (request.method === 'HEAD') {
      // Nest routes HEAD here, too; a stream without a body would be silent.
      response.writeHead(200, EVENT_STREAM_HEADERS).end();
      return;
    }
    this.streams.follow(query, header || lastEventId || undefined, response);
  }
}

/** What Fastify gives instead of a response. */
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

function responseOf(reply: ServerResponse | FastifyReply): ServerResponse {
  if (!('hijack' in reply)) return reply;
  reply.hijack();
  return reply.raw;
}

function assertOneSaga(query: StreamQuery): void {
  const [field] = Object.keys(filterIn(query));
  if (query.saga === undefined || field === undefined) return;
  throw invalidRequest([{ field, problem: 'cannot be combined with saga, which names one saga' }], 422);
}
