import type { Admin } from '../../api/schemas';
import { choices, type Filter } from '../../parts/filter';
import { shortId } from '../../parts/wording';

export type Criteria = Admin['SagaCriteria'];
type Name = keyof Criteria;
type Values = Readonly<Record<string, string>>;

const YES_OR_NO = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
] as const;
const INSTANT = '2026-11-30T09:30:00Z';

/** Each filter of `GET /v1/sagas`, as a chip: a new one of the API does not compile until it is here. */
const CHIPS: Readonly<Record<Exclude<Name, 'q'>, Omit<Filter, 'name'>>> = {
  status: { label: 'Status', values: choices('RUNNING', 'COMPENSATING', 'PAUSED', 'COMPLETED', 'COMPENSATED') },
  definition: { label: 'Definition' },
  version: { label: 'Version', placeholder: 'Of the definition, which is needed too' },
  reason: {
    label: 'Why paused',
    values: choices(
      'needs-attention',
      'pivot-unanswered',
      'outcome-unknown',
      'operator',
      'broken-contract',
      'unfinished',
      'action-forgotten',
      'invalid-payload',
      'invalid-input',
      'invalid-definition',
      'definition-missing',
      'engine-fault',
    ),
  },
  cause: {
    label: 'Why compensated',
    values: choices('refusal', 'failure', 'no-answer', 'deadline', 'cancelled', 'parent'),
  },
  step: { label: 'Step', placeholder: 'The step at which it stands' },
  service: { label: 'Service', placeholder: 'The service of that step' },
  stuck: { label: 'Stuck', values: YES_OR_NO },
  held: { label: 'Held', values: YES_OR_NO },
  attribute: { label: 'Attribute', placeholder: 'customerId:ada' },
  startedAfter: { label: 'Started after', placeholder: INSTANT },
  startedBefore: { label: 'Started before', placeholder: INSTANT },
  endedAfter: { label: 'Ended after', placeholder: INSTANT },
  endedBefore: { label: 'Ended before', placeholder: INSTANT },
  subject: { label: 'Business key', placeholder: 'An order id' },
  incident: { label: 'Incident', placeholder: 'Its id', show: shortId },
};

/** The names of all filters, as they are in the address. */
export const SAGA_FILTER_NAMES = ['q', ...Object.keys(CHIPS)] as readonly Name[];

/** The filters as chips; a definition is one of these. */
export function sagaFilters(definitions: readonly string[]): readonly Filter[] {
  const values = definitions.map((value) => ({ value, label: value }));
  const all = { ...CHIPS, definition: { ...CHIPS.definition, values } };
  return Object.entries(all).map(([name, chip]) => ({ name, ...chip }));
}

/** What the API is asked for. What it cannot read, such as a version in words, it refuses. */
export function criteriaOf({ held, stuck, ...values }: Values): Criteria {
  return { ...values, ...flag('held', held), ...flag('stuck', stuck) };
}

/** Other words than yes and no are sent as they are. */
function flag(name: 'held' | 'stuck', value: string | undefined): object {
  return value === undefined ? {} : { [name]: value === 'true' || value === 'false' ? value === 'true' : value };
}

/** The words of `palinode sagas` with the same filters. */
export function wordsOf({ q, ...values }: Values): string[] {
  const options = Object.entries(values).flatMap(([name, value]) => {
    const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (name !== 'held' && name !== 'stuck') return [`--${option}`, value];
    return [value === 'false' ? `--no-${option}` : `--${option}`];
  });
  return [...(q === undefined ? [] : [q]), ...options];
}
