/* Mistakes that only two instances of a participant show: each, and the promise that it breaks. */
import type { Change } from './mutated';

const INBOX = 'src/participant/inbox.ts';
const CALLS = 'src/participant/third-party-calls.ts';
const IS_FREE = 'return ids.every((id) => this.held.has(id) && !this.kept.has(id));';
const LOCKED = 'const lock = await this.lock(jobs, wait, watch);';

export const INSTANCE_BUGS: readonly { bug: string; change: Change; breaks: string }[] = [
  {
    bug: 'no command is locked',
    change: { file: INBOX, from: IS_FREE, to: 'return ids.every((id) => !this.kept.has(id));' },
    breaks: 'a running command is not started again',
  },
  {
    bug: 'the command lock does not check for stored replies',
    change: { file: INBOX, from: IS_FREE, to: 'return ids.every((id) => this.held.has(id));' },
    breaks: 'an answered command is not handled again',
  },
  {
    bug: 'the command lock is released before the commit',
    change: {
      file: 'src/participant/transactions.ts',
      from: LOCKED,
      to: `${LOCKED}\n    await lock.end();\n    lock.end = async () => undefined;`,
    },
    breaks: 'a running command is not started again',
  },
  {
    bug: 'a conflict with the inbox row of another instance is ignored',
    change: {
      file: 'src/participant/inbox.ts',
      from: 'insertOne: `${into} VALUES ($1, $2, $3, $4, $5)`',
      to: 'insertOne: `${into} VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`',
    },
    breaks: 'an effect happens once',
  },
  {
    bug: 'the stored result of a call is not used',
    change: { file: CALLS, from: 'if (known?.unusable === null) return valueOf(known);', to: '' },
    breaks: 'a third party is called once for all attempts',
  },
  {
    bug: 'a call is stored in the transaction of its handler',
    change: {
      file: CALLS,
      from: 'await this.journal.add(entry);',
      to: 'await new ThirdPartyJournal((await this.tx.queryRunner!.connect()) as Sql, this.journal.inbox).add(entry);',
    },
    breaks: 'a third party is called once for all attempts',
  },
  {
    bug: 'a call is stored for the command instead of the step',
    change: {
      file: CALLS,
      from: 'sorted.map(({ command }) => command.sagaid)',
      to: 'sorted.map(({ command }) => command.id)',
    },
    breaks: 'a third party is called once for all attempts',
  },
  {
    bug: 'a failure does not mention calls',
    change: {
      file: 'src/participant/dispatcher.ts',
      from: 'isUnfinished(command) ?',
      to: 'isUnfinished(command) && false ?',
    },
    breaks: 'a failure after a call does not prove that nothing happened',
  },
  {
    bug: 'a compensation checks only the inbox',
    change: {
      file: 'src/participant/transactions.ts',
      from: "if (decision.kind !== 'run' && !(await calls.hasCallOfAction())) {",
      to: "if (decision.kind !== 'run') {",
    },
    breaks: 'what a third party has done is compensated',
  },
  {
    bug: 'another command is answered from the inbox',
    change: {
      file: 'src/deduplication/decide.ts',
      from: 'const same = digest === null ||',
      to: 'const same = digest !== null ||',
    },
    breaks: 'another command gets no stored answer',
  },
  {
    bug: 'the digest of a command does not cover its data',
    change: {
      file: 'src/contract/command-digest.ts',
      from: 'return digestOf([type, sagaid, sagastep, sagadirection, undoes ?? null, data]);',
      to: 'return digestOf([type, sagastep, sagadirection, undoes ?? null, typeof data]);',
    },
    breaks: 'another command gets no stored answer',
  },
];
