import { forecast, type Forecast } from '../engine';
import type { Expected } from './diagnosis';
import type { Situation } from './situation';

const WAKE_UPS = 2;

/** Returns what the engine will do next, and after that, if nothing arrives meanwhile. */
export function expectedOf({ definition, state, held, now }: Situation): readonly Expected[] {
  if (definition === undefined) return [];
  return forecast(definition, state, held, now, WAKE_UPS).map((each) => ({ what: textOf(each), at: each.at }));
}

function textOf({ before, after, sends }: Forecast): string {
  const texts = sends.map(({ command, again, attempt }) =>
    again ? `sends ${command.name} again` : `sends ${command.name}${attempt > 1 ? `, attempt ${attempt}` : ''}`,
  );
  if (after.cause !== undefined && before.cause === undefined) {
    const { kind, step } = after.cause;
    texts.unshift(step === undefined ? `compensates the saga: ${kind}` : `gives up ${step}, and compensates the saga`);
  }
  if (after.status === 'PAUSED') texts.push(`pauses for an operator: ${after.pause?.reason}`);
  else if (after.status !== before.status && (after.status === 'COMPLETED' || after.status === 'COMPENSATED'))
    texts.push(`ends the saga as ${after.status}`);
  return texts.join(', ') || 'continues with the next step';
}
