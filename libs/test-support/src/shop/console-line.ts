import { serviceNames } from './services';

const warning = 40;
const levels: Record<number, string> = { 40: 'warn', 50: 'error', 60: 'fatal' };
const nameWidth = Math.max(...serviceNames.map(({ length }) => length)) + 1;
const levelWidth = 6;

interface LogEntry {
  level?: unknown;
  msg?: unknown;
  err?: { message?: unknown };
}

/** A line of the console about a service. */
export function aboutService(service: string, text: string): string {
  return `${service.padEnd(nameWidth)}${text}`;
}

/** A line of the console with the time of day. */
export function stamped(line: string, now: Date): string {
  const parts = [now.getHours(), now.getMinutes(), now.getSeconds()];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')} ${line}`;
}

/**
 * The console's form of a line that a service printed: warnings and errors in short, and lines that are not log
 * entries, such as a crash; undefined for other lines.
 */
export function consoleLine(service: string, line: string): string | undefined {
  const entry = parse(line);
  if (!entry) return line.trim() === '' ? undefined : aboutService(service, harmless(line));
  if (typeof entry.level !== 'number' || entry.level < warning) return undefined;
  const level = levels[entry.level] ?? String(entry.level);
  return aboutService(service, `${level.padEnd(levelWidth)}${harmless(textOf(entry))}`);
}

/** The message and its cause, which a message may contain. */
function textOf({ msg, err }: LogEntry): string {
  const [message, cause] = [msg, err?.message].map((part) => (typeof part === 'string' ? part : ''));
  return cause === '' || message?.includes(cause ?? '') ? (message ?? '') : [message, cause].filter(Boolean).join(': ');
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
