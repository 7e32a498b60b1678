export { IdPipe } from './id-pipe';
export { NullIsMissingPipe } from './null-is-missing-pipe';
