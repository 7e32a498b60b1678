import {
  BadRequestException,
  ConflictException,
  GoneException,
  HttpException,
  NotFoundException,
  PreconditionFailedException,
  UnprocessableEntityException,
} from '@nestjs/common';
import { invalidRequest, notFound } from './problem';
import { describe as details } from './problem.filter';

describe('problem details', () => {
  it('names each invalid field', () => {
    expect(details(invalidRequest([{ field: 'lines[0].quantity', problem: 'must not be less than 1' }]))).toEqual({
      type: 'urn:palinode:problem:invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'lines[0].quantity must not be less than 1.',
      errors: [{ field: 'lines[0].quantity', problem: 'must not be less than 1' }],
    });
  });

  it.each([
    [new NotFoundException('Cannot GET /nowhere'), notFound('The order o-1')],
    [new BadRequestException('The id is no UUID.'), invalidRequest([{ field: 'id', problem: 'must be a UUID' }])],
    [
      new UnprocessableEntityException('No such step.'),
      invalidRequest([{ field: 'step', problem: 'is unknown' }], 422),
    ],
  ])('have one type and title for one kind of error, whoever throws it: %p', (exception, problem) => {
    const [given, own] = [details(exception), details(problem)];
    expect(given).toEqual({ type: own.type, title: own.title, status: own.status, detail: exception.message });
  });

  it.each([
    [new PreconditionFailedException('Read it again.'), 'changed-meanwhile'],
    [new HttpException('Send If-Match.', 428), 'precondition-required'],
    [Object.assign(new Error('large'), { statusCode: 413, type: 'entity.too.large' }), 'too-large'],
  ])('name the kind of an error that has only a status: %p', (exception, code) => {
    expect(details(exception).type).toBe(`urn:palinode:problem:${code}`);
  });

  it('keep the status of an HTTP exception of no known kind', () => {
    expect(details(new GoneException('It was here.'))).toEqual({
      type: 'about:blank',
      title: 'Gone',
      status: 410,
      detail: 'It was here.',
    });
  });

  it('keeps the type and the title of a library exception', () => {
    const exception = { type: 'urn:palinode:problem:saga-ended', title: 'Too late' };
    expect(details(new ConflictException({ ...exception, message: 'The saga is COMPLETED.' }))).toEqual({
      ...exception,
      status: 409,
      detail: 'The saga is COMPLETED.',
    });
  });

  it.each([
    [new Error('password authentication failed for user "order"')],
    ['a string'],
    [null],
    [Object.assign(new Error('upstream said 503'), { statusCode: 503 })],
  ])('hides the internal error %p', (error) => {
    expect(details(error)).toEqual({
      type: 'urn:palinode:problem:internal-error',
      title: 'Something went wrong',
      status: 500,
      detail: 'Something went wrong on our side; please try again later.',
    });
  });
});
