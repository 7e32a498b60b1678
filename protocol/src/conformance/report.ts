import { isSilent, type Verdict } from './conformance';

/** What cannot be observed in messages; a reviewer has to check it. */
const NOT_SEEN = [
  'that effect and inbox row are one transaction (rule 4)',
  'what happens while the database or the broker is away (rules 16 and 17)',
  'that replies are kept for seven days (rule 15), and the key that third parties get (rule 18)',
];

/** What the run could observe in addition to messages. */
export interface Observed {
  readonly effects: boolean;
  readonly failures: boolean;
}

export interface Report {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/** The report as text: a line for each passed check, and all details of each failed one. */
export function reportOf(verdicts: readonly Verdict[], { effects, failures }: Observed): Report {
  const broken = verdicts.filter(({ wrong }) => wrong.length > 0).length;
  const unseen = [
    ...(effects ? [] : ['whether there was a second effect (rule 5): --observe URL counts effects']),
    ...(failures
      ? []
      : ['whether a failed last attempt is dead-lettered (rule 6): --failing FILE gives values that fail']),
    ...NOT_SEEN,
  ];
  return {
    lines: [
      ...verdicts.flatMap(linesOf),
      ...(isSilent(verdicts) ? ['', 'Given up: the participant no longer answers.'] : []),
      '',
      'Not observable from outside:',
      ...unseen.map((each) => `  ${each}`),
      '',
      `${verdicts.length - broken} kept, ${broken} broken`,
    ],
    ok: broken === 0 && verdicts.length > 0,
  };
}

function linesOf({ rules, promise, did, saw, wrong }: Verdict): readonly string[] {
  const kept = wrong.length === 0;
  const head = `${kept ? 'kept  ' : 'BROKEN'}  ${promise}  (rule ${rules.join(', ')})`;
  const seen = [`        did: ${did.join('; ')}`, `        saw: ${saw.join('; ') || 'nothing'}`];
  return kept ? [head, ...seen] : [head, ...seen, ...wrong.map((each) => `        wrong: ${each}`)];
}
