/* Fits text of any content into a place: control characters and overrides of the writing direction are not shown. */

const NARROW_PX = 7;
const WIDE_PX = 13;
/** A grapheme may be a letter with a thousand marks. */
const MOST_UNITS = 16;
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The width of text in the diagram's font, at most. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
}

/** Returns the beginning of the text that fits, with an ellipsis if something is missing. */
export function cut(text: string, widthPx: number): string {
  let [shown, width] = ['', 0];
  // However long the text, no more of it is looked at than can fit.
  const few = text.slice(0, Math.ceil(widthPx / NARROW_PX) * MOST_UNITS).replace(HIDDEN, ' ');
  for (const { segment } of graphemes.segment(few)) {
    const next = segment.length > MOST_UNITS ? '\ufffd' : segment;
    width += widthOfGrapheme(next);
    if (width > widthPx) return `${withoutLast(shown, widthPx)}…`;
    shown += next;
  }
  return shown;
}

/** Leaves room for the ellipsis. */
function withoutLast(text: string, widthPx: number): string {
  const shown = [...graphemes.segment(text)].map(({ segment }) => segment);
  while (shown.length > 0 && widthOf(shown.join('')) + WIDE_PX > widthPx) shown.pop();
  return shown.join('');
}

function widthOfGrapheme(grapheme: string): number {
  return (grapheme.codePointAt(0) ?? 0) >= 0x1100 ? WIDE_PX : NARROW_PX;
}
