import { durationText } from '../parts/duration-text';
import type { PlacedItem, PlacedLifeline, Row } from './lay-out';

/** What a row shows, in one sentence for those who do not see it. */
export function rowText(
  { seq, last, at, items, folded }: Row,
  start: number,
  lifelines: readonly PlacedLifeline[],
): string {
  const which = last > seq ? `Entries ${seq} to ${last}` : `Entry ${seq}`;
  const what = items.map((item) => itemText(item, lifelines)).join('; ');
  const more = folded === undefined ? '' : '. Press Enter to show each.';
  return `${which}, ${durationText(Date.parse(at) - start)} after the start: ${what}${more}`;
}

/** What an arrow or note shows, in words. */
export function itemText(item: PlacedItem, lifelines: readonly PlacedLifeline[]): string {
  const name = (lifeline: number): string => lifelines[lifeline]?.name ?? '';
  if (item.kind === 'note') return item.label;
  return `${item.kind} from ${name(item.from)} to ${name(item.to)}: ${item.label}`;
}
