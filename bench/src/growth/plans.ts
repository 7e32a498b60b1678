import { plansDuring, typical } from '../measure/plan-log';
import { planText } from '../measure/plan-text';
import type { Measure } from './measures';
import type { Populated } from './populated';

/** How PostgreSQL runs the statements of one run of this measure, in the order in which they come. */
export async function plansOf(measure: Measure, populated: Populated, adminUrl: string): Promise<string> {
  const run = await measure.prepare(populated);
  const own = new URL(populated.databaseUrl).pathname;
  const plans = (await plansDuring(adminUrl, run)).filter(({ database }) => own === `/${database}`);
  if (plans.length === 0) throw new Error(`PostgreSQL has logged no statement of “${measure.name}”.`);
  return `## ${measure.name}\n\n${typical(plans).map(planText).join('\n\n')}`;
}
