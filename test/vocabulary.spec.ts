/* Finds replaced words in identifiers, comments, strings and file names. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPLACED: readonly { readonly old: RegExp; readonly use: string; readonly except?: readonly string[] }[] = [
  { old: /occurrences?/, use: 'SagaInput' },
  { old: /(hold|dead letter) keeper|keeper of dead letters/, use: 'HoldMonitor, DeadLetterConsumer' },
  { old: /office/, use: 'DeadLetterService' },
  { old: /witness/, use: 'HistoryRecorder' },
  { old: /wiring error/, use: 'ConfigurationError' },
  { old: /event tail/, use: 'BroadcastSubscription' },
  { old: /saved turns?/, use: 'SagaUpdate' },
  { old: /turn taker/, use: 'apply-events' },
  { old: /lanes?/, use: 'TransactionPipeline' },
  { old: /bury/, use: 'write a tombstone' },
  { old: /neighbours?/, use: 'the other commands in the batch' },
  { old: /surroundings/, use: 'context' },
  { old: /walk ins?/, use: 'anonymous clients' },
  { old: /herd/, use: 'timer burst' },
  { old: /liar/, use: 'stub server' },
  {
    old: /'UNDOING'|'UNDONE'/,
    use: 'COMPENSATING, COMPENSATED',
    // The names that stored states have (decision 0049).
    except: ['stored-state.ts', 'stored-state.spec.ts', 'saga-store.int-spec.ts'],
  },
  {
    old: /transaction: '(own|shared)'/,
    use: "'per-command', 'per-batch'",
    // The deprecation of these values.
    except: ['nest.int-spec.ts', 'handler-transaction.spec.ts'],
  },
];

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Splits identifiers into words: `eventTail`, `EventTail` and `event-tail` become `event tail`. */
function wordsOf(text: string): string {
  const split = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/(?<=\w)[-_](?=\w)/g, ' ');
  return split.toLowerCase();
}

function replacedWordsIn({ path, text }: Source): string[] {
  const words = wordsOf(`${path}\n${text}`);
  return REPLACED.filter(({ except = [] }) => !except.some((name) => path.endsWith(`/${name}`))).flatMap(
    ({ old, use }) => {
      const isLiteral = old.source.includes("'");
      const found = isLiteral ? old.exec(text) : new RegExp(`\\b(?:${old.source})\\b`).exec(words);
      return found ? [`${path}: write ${use} instead of "${found[0]}"`] : [];
    },
  );
}

describe('the vocabulary', () => {
  it('has no replaced word in any source file', () => {
    const folders = ['apps', 'bench', 'examples', 'libs', 'protocol', 'stack'].map((folder) => `${folder}/**/*.ts`);
    const paths = execFileSync('git', ['ls-files', '--', ...folders], { cwd: repositoryRoot, encoding: 'utf8' });
    const sources = paths
      .trim()
      .split('\n')
      .map((path): Source => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
    expect(sources.length).toBeGreaterThan(500);
    expect(sources.flatMap(replacedWordsIn)).toEqual([]);
  });

  it.each([
    ['an identifier', 'class EventTail {}'],
    ['a constant', 'const SAVED_TURN = 1;'],
    ['a comment', '/** The lane that runs it. */'],
    ['a stored status outside of the stored state', "changeStep(draft, step, { status: 'UNDOING' });"],
    ['a former transaction setting', "@HandleCommand(act, { transaction: 'own' })"],
  ])('is checked in %s', (_what, text) => {
    expect(replacedWordsIn({ path: 'libs/saga/src/a-file.ts', text })).toHaveLength(1);
  });

  it('is checked in file names', () => {
    expect(replacedWordsIn({ path: 'libs/saga/src/turn-taker.ts', text: '' })).toHaveLength(1);
  });

  it('permits the former names where stored states are read', () => {
    expect(replacedWordsIn({ path: 'libs/saga/src/orchestrator/stored-state.ts', text: "'UNDOING'" })).toEqual([]);
  });
});
