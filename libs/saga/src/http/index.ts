export { IdPipe } from './id-pipe';
export { NullIsMissingPipe } from './null-is-missing-pipe';
export { FieldProblem, invalidRequest, notFound, Problem, ProblemDetails } from './problem';
export { answerWith, causeOf, ProblemFilter } from './problem-filter';
export { rejectionOf, rejectRequest } from './rejected-request';
