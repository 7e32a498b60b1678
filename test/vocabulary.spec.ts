/*
 * Replaced words do not return: the identifiers, comments, strings and paths of all source files are searched.
 * documents.spec.ts searches the prose of README.md, docs and the other pages.
 */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Replaced {
  /** Matches whole words in lower case, with identifiers split into words; in `text`, the source as it is. */
  readonly old: RegExp;
  readonly use: string;
  readonly in?: 'text';
  /** Where the word has another meaning: ends of paths. */
  readonly except?: readonly string[];
  /** The only folder in which the word has the replaced meaning. */
  readonly only?: string;
}

/** `rest`, `turn`, `asked`, `tell`, `lines` and `story` are ordinary English too; only their replaced forms are listed. */
const REPLACED: readonly Replaced[] = [
  { old: /(?<!wal )flush of (messages|commands)|in one flush|flush size/, use: 'batch' },
  { old: /neighbours?/, use: 'the other commands in the batch' },
  {
    old: /transaction: '(own|shared)'/,
    in: 'text',
    use: "'per-command', 'per-batch'",
    // The deprecation of these values.
    except: ['nest.int-spec.ts', 'handler-transaction.spec.ts'],
  },
  // Elsewhere, those of the console's sequence diagram.
  { old: /lanes?/, use: 'TransactionPipeline', only: 'libs/saga/' },
  {
    old: /guards?/,
    use: 'CommandLock',
    only: 'libs/saga/',
    // Guards of Nest.
    except: [
      'command-context.ts',
      'handlers.ts',
      'nest.int-spec.ts',
      'access.ts',
      'access.guard.ts',
      'fault-operation.ts',
      'admin-hook-operators.ts',
      'access.int-spec.ts',
      'access/index.ts',
      'admin.controller.ts',
      'admin.module.ts',
    ],
  },
  { old: /barriers?/, use: 'waitForWalFlush' },
  { old: /occurrences?/, use: 'SagaInput' },
  { old: /turn takers?|takes? turns|saved turns?/, use: 'applyEvents, SagaUpdate' },
  { old: /orchestrator\/asked|asked types?/, use: 'orchestrator-commands' },
  { old: /bur(y|ies|ied)/, use: 'write a tombstone' },
  { old: /tell(s|ing)? (the )?(whoever|everyone|news)|(whoever|nobody) (tells|told)/, use: 'notify, publish' },
  { old: /hurr(y|ies|ied)/, use: 'trigger' },
  { old: /patience|impatien(t|ce)/, use: 'backoff, timeout' },
  { old: /\bpause\((\d|\w*Ms\b)/, in: 'text', use: 'sleep' },
  { old: /\.rest\(\)|\brest\(\): Promise/, in: 'text', use: 'drain' },
  {
    old: /'(UNDOING|UNDONE|LEFT)'/,
    in: 'text',
    use: 'COMPENSATING, COMPENSATED, COMPENSATION_SKIPPED',
    // The names that stored states have (decision 0049).
    except: ['stored-state.ts', 'stored-state.spec.ts', 'saga-store.int-spec.ts'],
  },
  // In lower case, `objection` and `exchange` are the keys of stored states (engine/state.ts).
  { old: /\bObjection\b/, in: 'text', use: 'Rejection' },
  { old: /\bExchange\b/, in: 'text', use: 'Invocation' },
  { old: /wiring errors?/, use: 'ConfigurationError' },
  { old: /witness(es)?/, use: 'HistoryRecorder' },
  { old: /offices?/, use: 'DeadLetterService' },
  { old: /(hold|dead letter) keepers?|keepers? of dead letters/, use: 'HoldMonitor, DeadLetterConsumer' },
  { old: /bells?|event tails?|news/, use: 'OrderChangeNotifier, BroadcastSubscription' },
  { old: /doors?/, use: 'admission, entry point, driver' },
  {
    old: /(?<!math\.)floors?/,
    use: 'layer',
    // In bench/ the floor is the least that any target needs.
    only: 'libs/',
    // A floor of a building in test data.
    except: ['canonical-data.spec.ts'],
  },
  { old: /rings?/, use: 'suite' },
  { old: /houses?/, use: 'layout' },
  { old: /surroundings/, use: 'stack context' },
  { old: /stor(y|ies)|perform(s|ed)?/, use: 'scenario, run', only: 'stack/src/demo/' },
  { old: /contenders?/, use: 'target' },
  { old: /herds?|graveyards?/, use: 'timer burst, dead tuples' },
  { old: /liars?/, use: 'stub server' },
  { old: /staff/, use: 'operators' },
  { old: /walk ins?/, use: 'anonymous clients' },
  { old: /dice/, use: 'seeded random' },
  { old: /chaos/, use: 'fault injector', only: 'libs/saga/test/simulator/' },
  { old: /\b(type|interface|class) (Outcome|Decision)\b/, in: 'text', use: 'ReplyOutcome, InboxDecision and the like' },
];

/** Files that hold the replaced words themselves. */
const LISTS_OF_WORDS = ['test/vocabulary.spec.ts', 'test/documents.spec.ts'];

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
  return REPLACED.flatMap(({ old, use, in: where, except = [], only = '' }) => {
    if (!path.startsWith(only) || except.some((name) => path.endsWith(`/${name}`))) return [];
    const found = where === 'text' ? old.exec(text) : new RegExp(`\\b(?:${old.source})\\b`).exec(words);
    return found ? [`${path}: write ${use} instead of "${found[0]}"`] : [];
  });
}

describe('the vocabulary', () => {
  it('has no replaced word in any source file', () => {
    const folders = ['apps', 'bench', 'examples', 'libs', 'packages', 'protocol', 'stack', 'test'];
    const patterns = folders.flatMap((folder) => [`${folder}/**/*.ts`, `${folder}/**/*.js`]);
    const paths = execFileSync('git', ['ls-files', '--', ...patterns], { cwd: repositoryRoot, encoding: 'utf8' });
    const sources = paths
      .trim()
      .split('\n')
      .filter((path) => !LISTS_OF_WORDS.includes(path))
      .map((path): Source => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
    expect(sources.length).toBeGreaterThan(900);
    expect(sources.flatMap(replacedWordsIn)).toEqual([]);
  });

  it.each([
    ['an identifier', 'class EventTail {}'],
    ['a constant', 'const SAVED_TURN = 1;'],
    ['a comment', '/** The lane that runs it. */'],
    ['a stored status outside of the stored state', "changeStep(draft, step, { status: 'UNDOING' });"],
    ['a former transaction setting', "@HandleCommand(act, { transaction: 'own' })"],
    ['the name of a type', 'interface Exchange {}'],
    ['a plural', '/* Runs before its neighbours. */'],
  ])('is checked in %s', (_what, text) => {
    expect(replacedWordsIn({ path: 'libs/saga/src/a-file.ts', text })).toHaveLength(1);
  });

  it('is checked in file names', () => {
    expect(replacedWordsIn({ path: 'libs/saga/src/turn-taker.ts', text: '' })).toHaveLength(1);
  });

  it.each([
    ['in the one folder where it is meant', 'libs/saga/test/simulator/chaos.ts', 1],
    ['not in another folder', 'libs/saga/test/chaos.ts', 0],
  ])('is checked %s when a word has other meanings', (_where, path, count) => {
    expect(replacedWordsIn({ path, text: '' })).toHaveLength(count);
  });

  it('permits the keys of stored states', () => {
    expect(replacedWordsIn({ path: 'libs/saga/src/a-file.ts', text: '{ exchange, objection }' })).toEqual([]);
  });

  it('permits the former names where stored states are read', () => {
    expect(replacedWordsIn({ path: 'libs/saga/src/store/stored-state.ts', text: "'UNDOING'" })).toEqual([]);
  });
});
