import { ConflictException, NotFoundException } from '@nestjs/common';
import { invalidRequest } from './problem';
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

  it('keeps the status of an HTTP exception', () => {
    expect(details(new NotFoundException('Cannot GET /nowhere'))).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Cannot GET /nowhere',
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
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side; please try again later.',
    });
  });
});
