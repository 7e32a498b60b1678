/* Turns the entries of a history into arrows and notes, in the order in which they stand below each other. */
import {
  eventOf,
  forEachOf,
  isReply,
  type EventFields,
  type HistoryEntry,
  type SagaHistory,
  type SentCommand,
} from './history';
import { CALLER, ORCHESTRATOR, Lifelines } from './lifelines';
import type { Run } from './runs';
import { namesOf, Waits, wakeUpText } from './waits';
import { actionOf, causeText, commandText, operatorText, outcomeOf, whyIgnored } from './words';

/** The meaning of a colour. Dashes, symbols and words say the same. */
export type Tone = 'running' | 'completed' | 'compensating' | 'failed' | 'paused' | 'held' | 'ignored' | 'neutral';

interface Item {
  /** The entry, and which of its items: stable while the history grows. */
  readonly id: string;
  readonly seq: number;
  readonly tone: Tone;
  readonly symbol: string;
  /** What stands beside it, whole. */
  readonly label: string;
  /** The step that it is about, where the label does not name it. */
  readonly step?: string | undefined;
}

/** A message between two lifelines. */
export interface Arrow extends Item {
  readonly kind: 'command' | 'reply' | 'request';
  readonly from: number;
  readonly to: number;
  readonly isDashed: boolean;
  /** Sent before, or ignored. */
  readonly isGhost: boolean;
  /** The name of the command that it is, or answers. */
  readonly command?: string | undefined;
  /** The commands that it stands for, or answers. */
  readonly commandIds: readonly string[];
  /** Of a reply: the arrows of the commands that it answers. */
  readonly answers: readonly string[];
}

/** A remark at a lifeline. */
export interface Note extends Item {
  readonly kind: 'note';
  readonly at: number;
}

export type DiagramItem = Arrow | Note;

type Draft<Of extends DiagramItem> = Omit<Of, 'id' | 'seq'>;

/** Makes the items of one saga; runs are passed in order. */
export class DiagramItems {
  readonly lifelines: Lifelines;
  private readonly waits = new Waits();
  private status: string | undefined;
  /** Where each command was last sent; without arrow while that is not drawn yet. */
  private readonly sentBy = new Map<string, { readonly arrow: string | undefined; readonly command: string }>();

  constructor(private readonly saga: SagaHistory) {
    this.lifelines = new Lifelines(saga);
  }

  /** The items of one entry. Commands that a forEach sends together are one arrow, unless `each` has its own. */
  ofEntry(entry: HistoryEntry, each: boolean): readonly DiagramItem[] {
    const [begun, ended] = this.milestonesOf(entry);
    return this.numbered(entry.seq, entry, [
      ...this.happeningsOf(entry),
      ...begun,
      ...(each ? entry.sent.map(alone) : groupsOf(entry.sent)).map((group) => this.command(group)),
      ...ended,
    ]);
  }

  /** The items of a run that is folded. */
  ofFolded({ entries, because }: Run): readonly DiagramItem[] {
    const [first] = entries;
    // Also of ignored entries: one that was alone has made its lifelines, and they stay when the next entry joins it.
    const happenings = entries.map((entry) => this.happeningsOfFolded(entry));
    const items =
      because === 'ignored'
        ? [ignoredNote(entries)]
        : [
            ...mergedReplies(happenings.flat().filter(isReplyArrow)),
            ...groupsOf(entries.flatMap(({ sent }) => sent)).map((group) => this.command(group)),
          ];
    const numbered = this.numbered(first.seq, undefined, items);
    for (const entry of entries) this.goOn(entry);
    return numbered;
  }

  /** What the steps were waiting for when this entry came, for the gap above it. */
  waitBefore(entry: HistoryEntry): string | undefined {
    return eventOf(entry).kind === 'time-passed' ? wakeUpText(this.waits.dueAt(entry.at)) : undefined;
  }

  private numbered(seq: number, entry: HistoryEntry | undefined, drafts: readonly Draft<DiagramItem>[]): DiagramItem[] {
    const items = drafts.map((draft, n) => ({ ...draft, id: `${seq}.${n}`, seq }) as DiagramItem);
    for (const item of items) this.remember(item);
    if (entry) this.goOn(entry);
    return items;
  }

  private remember(item: DiagramItem): void {
    if (item.kind !== 'command') return;
    for (const id of item.commandIds) this.sentBy.set(id, { arrow: item.id, command: item.command ?? '' });
  }

  /** What happened at an entry of a folded run. The arrows of its commands are drawn later, below all replies of the run. */
  private happeningsOfFolded(entry: HistoryEntry): Draft<DiagramItem>[] {
    const happenings = this.happeningsOf(entry);
    for (const { commandId, command } of entry.sent) {
      this.lifelines.ofCommand(command);
      this.sentBy.set(commandId, { arrow: undefined, command });
    }
    return happenings;
  }

  private goOn(entry: HistoryEntry): void {
    this.waits.apply(entry);
    this.status = entry.after?.status ?? this.status;
  }

  private happeningsOf(entry: HistoryEntry): Draft<DiagramItem>[] {
    const event = eventOf(entry);
    if (isReply(event)) return [this.reply(event, entry.ignored)];
    const operator = operatorText(event);
    if (operator !== undefined)
      return [note(event.kind === 'pause' ? 'paused' : 'neutral', '◆', operator, entry.ignored)];
    switch (event.kind) {
      case 'started':
        return [this.request(`start ${this.saga.definition}`, 'running', entry.ignored)];
      case 'signalled':
        return [this.request(`signal ${event.signal ?? ''}`, 'running', entry.ignored)];
      case 'undo':
        return [this.request('compensate', 'compensating', entry.ignored)];
      case 'time-passed':
        return [note('neutral', '◷', this.waitBefore(entry) ?? 'time passed', entry.ignored)];
      case 'halted':
        return [note('paused', '‖', `cannot continue: ${event.because ?? ''} ${event.detail ?? ''}`, entry.ignored)];
      case 'definition-found':
        return [note('neutral', '◆', 'its definition is registered again', entry.ignored)];
      case 'released':
        return [note('held', '▷', 'the hold has ended', entry.ignored)];
      case 'probed':
        return [note('held', '◇', `probe of ${event.step ?? ''}`, entry.ignored)];
      case 'fault-struck':
        return [this.fault(event)];
      default:
        return [note('neutral', '·', event.kind, entry.ignored)];
    }
  }

  private request(label: string, tone: Tone, ignored: string | undefined): Draft<Arrow> {
    return {
      kind: 'request',
      from: CALLER,
      to: ORCHESTRATOR,
      ...(ignored === undefined
        ? { tone, symbol: tone === 'compensating' ? '↩' : '', label, isGhost: false }
        : { tone: 'ignored', symbol: '·', label: `${label}: ignored, ${whyIgnored(ignored)}`, isGhost: true }),
      isDashed: false,
      commandIds: [],
      answers: [],
    };
  }

  private command({ commands, first }: Group): Draft<Arrow> {
    const isBack = first.direction === 'compensation';
    const text = commandText(first, commands.length);
    const forEach = forEachOf(first.step);
    return {
      kind: 'command',
      from: ORCHESTRATOR,
      to: this.lifelines.ofCommand(first.command),
      tone: isBack ? 'compensating' : 'running',
      symbol: isBack ? '↩' : '',
      label: forEach === undefined ? text : `${text} · ${commands.length > 1 ? forEach : first.step}`,
      step: forEach === undefined ? first.step : undefined,
      isDashed: false,
      isGhost: first.again,
      command: first.command,
      commandIds: commands.map(({ commandId }) => commandId),
      answers: [],
    };
  }

  private reply(event: EventFields, ignored: string | undefined): Draft<Arrow> {
    const { commandId = '', from = '', step = '', direction, kind } = event;
    const sent = this.sentBy.get(commandId);
    const ofSaga = sent && this.lifelines.ofCommand(sent.command);
    const lifeline = ofSaga !== undefined && isFrom(from, sent?.command) ? ofSaga : this.lifelines.ofService(from);
    const { symbol, text } = outcomeOf(event);
    const isBack = direction === 'compensation';
    const isBranch = sent !== undefined && forEachOf(step) !== undefined;
    const what = sent ? `${actionOf(sent.command)}${isBranch ? ` · ${step}` : ''}` : step;
    const label = kind === 'replied' ? what : `${what} ${text}`;
    return {
      kind: 'reply',
      from: lifeline,
      to: ORCHESTRATOR,
      ...(ignored === undefined
        ? { tone: kind !== 'replied' ? 'failed' : isBack ? 'compensating' : 'completed', symbol, label, isGhost: false }
        : { tone: 'ignored', symbol, label: `${label}: ignored, ${whyIgnored(ignored)}`, isGhost: true }),
      step: isBranch ? undefined : step,
      isDashed: true,
      command: sent?.command,
      commandIds: [commandId],
      answers: sent?.arrow === undefined ? [] : [sent.arrow],
    };
  }

  private fault({ service, effect = '', point = '', command = '' }: EventFields): Draft<Note> {
    return {
      kind: 'note',
      at: service === undefined ? ORCHESTRATOR : this.lifelines.ofService(service),
      tone: 'failed',
      symbol: '⚡',
      label: `fault: ${effect} ${point.replaceAll('-', ' ')} of ${actionOf(command)}`,
    };
  }

  /** What the entry changed beyond its steps: before the commands that follow from it, and after them. */
  private milestonesOf(entry: HistoryEntry): [Draft<Note>[], Draft<Note>[]] {
    const { after } = entry;
    if (after === undefined) return [[], []];
    const [was, is] = [this.status, after.status];
    const held = this.waits.begunBy(entry, 'hold');
    const signals = this.waits.begunBy(entry, 'signal');
    const why = after.cause === undefined ? '' : `: ${causeText(after.cause)}`;
    return [
      [
        ...(was === 'PAUSED' && is !== 'PAUSED' ? [note('neutral', '▷', 'continues')] : []),
        ...(was !== is && is === 'COMPENSATING' ? [note('compensating', '↩', `compensating${why}`)] : []),
        ...(after.cause !== undefined && is === 'RUNNING'
          ? [note('compensating', '↩', `will compensate once the stage has settled${why}`)]
          : []),
      ],
      [
        ...(held.length > 0 ? [note('held', '‖', `held: ${namesOf(held)}`)] : []),
        ...(signals.length > 0 ? [note('neutral', '◷', `waits for its signal: ${namesOf(signals)}`)] : []),
        ...(was !== is && is === 'PAUSED' ? [note('paused', '‖', `paused: ${after.pause ?? 'no reason'}`)] : []),
        ...(was !== is && is === 'COMPLETED' ? [note('completed', '✓', 'completed')] : []),
        ...(was !== is && is === 'COMPENSATED' ? [note('compensating', '↩', `compensated${why}`)] : []),
      ],
    ];
  }
}

/** Commands that one arrow stands for: branches of one forEach, sent together for the first time. */
interface Group {
  readonly first: SentCommand;
  readonly commands: SentCommand[];
}

function alone(command: SentCommand): Group {
  return { first: command, commands: [command] };
}

/** True when one arrow can stand for several of these commands. */
export function hasGroups(sent: readonly SentCommand[]): boolean {
  return groupsOf(sent).length < sent.length;
}

function groupsOf(sent: readonly SentCommand[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const command of sent) {
    const { step, direction, attempt, again } = command;
    const group = forEachOf(step);
    const alike = group !== undefined && attempt === 1 && !again;
    const key = alike ? `${group} ${direction} ${command.command}` : `${groups.size}`;
    const found = groups.get(key);
    if (found) found.commands.push(command);
    else groups.set(key, alone(command));
  }
  return [...groups.values()];
}

function isReplyArrow(draft: Draft<DiagramItem>): draft is Draft<Arrow> {
  return draft.kind === 'reply';
}

/** One reply that stands for those of a forEach's branches. */
function mergedReplies(replies: readonly Draft<Arrow>[]): readonly Draft<Arrow>[] {
  const merged = new Map<number, Draft<Arrow>[]>();
  for (const reply of replies) {
    const alike = merged.get(reply.from);
    if (alike) alike.push(reply);
    else merged.set(reply.from, [reply]);
  }
  return [...merged.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const label = alike.length > 1 ? first.label.replace(/ · (.*)\[\d+\]$/s, ` · ×${alike.length} · $1`) : first.label;
    const commandIds = alike.flatMap((each) => each.commandIds);
    return [{ ...first, label, commandIds, answers: [...new Set(alike.flatMap(({ answers }) => answers))] }];
  });
}

function ignoredNote(entries: readonly HistoryEntry[]): Draft<Note> {
  const counts = new Map<string, number>();
  for (const { ignored = '' } of entries) counts.set(ignored, (counts.get(ignored) ?? 0) + 1);
  const reasons = [...counts].map(([code, count]) => (count > 1 ? `${whyIgnored(code)} ×${count}` : whyIgnored(code)));
  return note('ignored', '·', `${entries.length} ignored: ${reasons.join('; ')}`);
}

function note(tone: Tone, symbol: string, label: string, ignored?: string): Draft<Note> {
  const at = ORCHESTRATOR;
  if (ignored === undefined) return { kind: 'note', at, tone, symbol, label };
  return { kind: 'note', at, tone: 'ignored', symbol, label: `${label}: ignored, ${whyIgnored(ignored)}` };
}

/** True when a reply came from the service of the command. */
function isFrom(service: string, command = ''): boolean {
  return command.startsWith(`${service}.`);
}
