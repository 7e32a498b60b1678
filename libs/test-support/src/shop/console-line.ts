const warning = 40;
const levels: Record<number, string> = { 40: 'warn', 50: 'error', 60: 'fatal' };

interface LogEntry {
  level?: unknown;
  msg?: unknown;
  err?: { message?: unknown };
}

/**
 * What the console shows of a line that a service printed: warnings and worse in short, and whatever is no log entry,
 * such as a crash; undefined for the rest.
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

/** What a log says may come from a message of anyone: nothing in it moves the cursor, begins a line or turns text around. */
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
