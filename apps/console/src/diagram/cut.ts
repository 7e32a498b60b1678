/* Fits text of any content into a place: control characters and overrides of the writing direction are not shown. */

/** What graphemes take at most in the system fonts at 12 px: thin and broad letters, capitals, others, and East Asian ones. */
const THIN = /^[ijltf.,:;'|!()[\]·\- ]$/;
const BROAD = /^[mwMW@%—]$/;
const CAPITAL = /^[\p{Lu}\p{Nd}]$/u;
const [THIN_PX, OTHER_PX, CAPITAL_PX, BROAD_PX, WIDE_PX] = [5, 7.5, 8.5, 12, 13];
/** Text in which each character is one grapheme: ASCII and the signs of the diagram. A segmenter is far slower. */
const PLAIN = /^[\x20-\x7e\xb7\xd7\u2010-\u2027\u2190-\u27bf]*$/;
const ASCII_PX = Array.from({ length: 0x7f }, (_, code) => widthOfGrapheme(String.fromCharCode(code)));
/** A grapheme may be a letter with a thousand marks. */
const MOST_UNITS = 16;
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The width of text in the diagram's font, at most. */
export function widthOf(text: string): number {
  let width = 0;
  if (PLAIN.test(text)) {
    for (const character of text) width += ASCII_PX[character.charCodeAt(0)] ?? widthOfGrapheme(character);
    return width;
  }
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
}

/** Returns the beginning of the text that fits, with an ellipsis if something is missing. */
export function cut(text: string, widthPx: number): string {
  let [shown, width] = ['', 0];
  // However long the text, no more of it is looked at than can fit.
  const few = text.slice(0, Math.ceil(widthPx / THIN_PX) * MOST_UNITS).replace(HIDDEN, ' ');
  if (PLAIN.test(few) && widthOf(few) <= widthPx) return few;
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
  if ((grapheme.codePointAt(0) ?? 0) >= 0x1100) return WIDE_PX;
  if (THIN.test(grapheme)) return THIN_PX;
  if (BROAD.test(grapheme)) return BROAD_PX;
  return CAPITAL.test(grapheme) ? CAPITAL_PX : OTHER_PX;
}
