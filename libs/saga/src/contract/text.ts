/*
 * Checks which text is allowed. JSON can write NUL and halves of surrogate pairs; PostgreSQL cannot store them in text,
 * and every query that reads such a message as json fails. So Kafka messages are checked before they are parsed, and so
 * are HTTP bodies and the messages that the services write.
 */

/** Why JSON text is rejected before it is parsed. */
export type JsonProblem = 'too-deep' | 'too-many' | 'forbidden-text';

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, U] = Buffer.from('"\\{}[],u');

/**
 * Checks the bytes of JSON text in UTF-8 before they are parsed: how deep it nests, how many commas it has between
 * values, and whether an escape writes NUL or half a surrogate pair. Text that is not JSON is left to the parser.
 */
export function jsonProblem(json: Uint8Array, maxDepth: number, maxCommas = Infinity): JsonProblem | undefined {
  let [depth, commas] = [0, 0];
  let quoted = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === BACKSLASH) {
      index += 1;
      if (json[index] !== U) continue;
      const length = allowedEscape(json, index + 1);
      if (length === 0) return 'forbidden-text';
      index += length;
    } else if (quoted) continue;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    else if (byte === COMMA && (commas += 1) > maxCommas) return 'too-many';
    if (depth > maxDepth) return 'too-deep';
  }
  return undefined;
}

/** Returns how many bytes after `\\u` form allowed characters; 0 when they do not. */
function allowedEscape(json: Uint8Array, at: number): number {
  const code = hexAt(json, at);
  if (code === 0 || isLow(code)) return 0;
  if (!(code >= 0xd800 && code <= 0xdbff)) return 4;
  const pair = json[at + 4] === BACKSLASH && json[at + 5] === U && isLow(hexAt(json, at + 6));
  return pair ? 10 : 0;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** NaN unless these are four hexadecimal digits; the parser rejects them then. */
function hexAt(json: Uint8Array, at: number): number {
  const digits = String.fromCharCode(...json.subarray(at, at + 4));
  return /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

/** True for text without NUL and halves of surrogate pairs. */
export function isAllowedText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/** Shortens text for people and removes characters that are not allowed; never cuts within a character. */
export function shorten(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .replaceAll('\0', ' ')
    .replaceAll(/\p{Surrogate}/gu, '');
}
