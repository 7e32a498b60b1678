const LINE = 16;
const MOST_LINES = 512;

/** Bytes as `hexdump -C` shows them: 16 a line, with what can be printed beside them. */
export function hexDump(bytes: Uint8Array): string {
  const lines = Math.ceil(bytes.length / LINE);
  const shown = Array.from({ length: Math.min(lines, MOST_LINES) }, (_, at) => lineOf(bytes, at * LINE));
  if (lines > MOST_LINES) shown.push(`… ${bytes.length - MOST_LINES * LINE} further bytes`);
  return shown.join('\n');
}

function lineOf(bytes: Uint8Array, from: number): string {
  const part = Array.from(bytes.subarray(from, from + LINE));
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${from.toString(16).padStart(6, '0')}  ${hex.padEnd(LINE * 3 - 1)}  ${text}`;
}
