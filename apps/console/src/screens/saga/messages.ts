import { eventOf, isReply, type HistoryEntry } from '../../diagram/history';
import { outcomeOf } from '../../diagram/words';

/** A command of a saga, with the reply that counted. */
export interface Message {
  readonly commandId: string;
  readonly command: string;
  readonly step: string;
  readonly direction: string;
  readonly attempt: number;
  readonly sentAt: readonly string[];
  readonly reply: { readonly outcome: string; readonly data: unknown } | undefined;
}

/** The commands that a history sent, in order. */
export function messagesOf(history: readonly HistoryEntry[]): readonly Message[] {
  const found = new Map<string, Message>();
  for (const entry of history) {
    const event = eventOf(entry);
    const answered = entry.ignored === undefined && isReply(event) ? found.get(event.commandId ?? '') : undefined;
    if (answered) found.set(answered.commandId, { ...answered, reply: replyOf(entry) });
    for (const { commandId, command, step, direction, attempt } of entry.sent) {
      const sentAt = [...(found.get(commandId)?.sentAt ?? []), entry.at];
      found.set(commandId, { commandId, command, step, direction, attempt, reply: undefined, sentAt });
    }
  }
  return [...found.values()];
}

function replyOf(entry: HistoryEntry): Message['reply'] {
  const { symbol, text } = outcomeOf(eventOf(entry));
  return { outcome: `${symbol} ${text}`, data: (entry.event as { readonly reply?: unknown }).reply };
}
