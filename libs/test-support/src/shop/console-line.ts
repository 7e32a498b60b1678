const warning = 40;
const levels: Record<number, string> = { 40: 'warn', 50: 'error', 60: 'fatal' };

interface LogEntry {
  level?: unknown;
  msg?: unknown;
  err?: { message?: unknown };
}

/**
 * The console's form of a line that a service printed: warnings and errors in short, and lines that are not log
 * entries, such as a crash; undefined for other lines.
 */
export function consoleLine(service: string, line: string): string | undefined {
  const name = service.padEnd(13);
  const entry = parse(line);
  if (!entry) return line.trim() === '' ? undefined : `${name}${harmless(line)}`;
  if (typeof entry.level !== 'number' || entry.level < warning) return undefined;
  const message = [entry.msg, entry.err?.message].filter((part) => typeof part === 'string');
  const text = message.filter((part, index) => message.indexOf(part) === index).join(': ');
  return `${name}${levels[entry.level] ?? entry.level}  ${harmless(text)}`;
}

/**
 * Log text may come from a stranger's message: removes characters that move the cursor, start a line or reverse text.
 */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

function parse(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}
