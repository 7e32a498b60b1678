import { machine } from './machine';
import type { Plan } from './plan-log';

const WIDTH = 160;

/** A document in Markdown that says what wrote it. */
export function planDocument(title: string, command: string, sections: readonly string[]): string {
  const source =
    `Each statement as PostgreSQL ran and logged it (\`auto_explain\`, the planner's guesses left out), during\n` +
    `\`${command}\` on ${machine()}.`;
  return `${[`# ${title}`, source, ...sections].join('\n\n')}\n`;
}

/** A plan under the beginning of its statement, for a document in Markdown. */
export function planText({ statement, plan, ms, times = 1 }: Plan & { readonly times?: number }): string {
  const lines = plan.split('\n').map((line) => line.slice(0, WIDTH));
  const often = times === 1 ? '' : `, the middle one of ${times}`;
  return ['```text', shortened(statement), '', ...lines, `(${ms.toFixed(2)} ms${often})`, '```'].join('\n');
}

function shortened(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH)} …`;
}
