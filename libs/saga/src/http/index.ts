export { ACCESS_PROBLEMS, ApiProblems } from './api-problems';
export { EVENT_STREAM_HEADERS, EventStream, eventText, type ServerSentEvent } from './event-stream';
export { IdPipe } from './id.pipe';
export { OnlyKnownParameters, TakesParameter } from './known-parameters';
export { OPERATOR_HEADER } from './operator-header';
export { readPage, type Page } from './page';
export {
  FieldProblem,
  invalidRequest,
  notFound,
  Problem,
  PROBLEM_CONTENT,
  ProblemDetails,
  type ProblemContent,
} from './problem';
export { answerWith, causeOf, ProblemFilter } from './problem.filter';
export { rejectionOf, rejectRequest } from './rejected-request';
export { validRequest } from './valid-request';
