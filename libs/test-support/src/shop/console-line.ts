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
  if (!entry) return line.trim() === '' ? undefined : `${name}${line}`;
  if (typeof entry.level !== 'number' || entry.level < warning) return undefined;
  const message = [entry.msg, entry.err?.message].filter((part) => typeof part === 'string');
  const text = message.filter((part, index) => message.indexOf(part) === index).join(': ');
  return `${name}${levels[entry.level] ?? entry.level}  ${text}`;
}

function parse(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}
