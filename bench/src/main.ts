/*
 * `npm run bench`: the floor, Palinode and its nearest peer, taking turns on one PostgreSQL in the same minutes. Every figure
 * is a median over the rounds, every claim a ratio within the run; a run whose books do not add up fails.
 */
import { runBench } from './run-bench';

void runBench(process.argv.slice(2));
