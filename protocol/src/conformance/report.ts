import { isSilent, type Verdict } from './conformance';

/** What no message tells; a reviewer has to look. */
const NOT_SEEN = [
  'that effect and inbox row are one transaction (rule 4)',
  'what happens while the database or the broker is away (rules 16 and 17)',
  'that replies are remembered for seven days (rule 15), and the key that third parties get (rule 18)',
];

/** What the run could see beside the messages. */
export interface Observed {
  readonly effects: boolean;
  readonly failures: boolean;
}

export interface Report {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/** What was found, for people: a line for each promise that is kept, the whole story of each that is not. */
export function reportOf(verdicts: readonly Verdict[], { effects, failures }: Observed): Report {
  const broken = verdicts.filter(({ wrong }) => wrong.length > 0).length;
  const unseen = [
    ...(effects ? [] : ['whether a second effect was had (rule 5): --observe URL counts them']),
    ...(failures ? [] : ['whether a last attempt that fails is parked (rule 6): --failing FILE says what fails']),
    ...NOT_SEEN,
  ];
  return {
    lines: [
      ...verdicts.flatMap(linesOf),
      ...(isSilent(verdicts) ? ['', 'Given up: nobody answers any more.'] : []),
      '',
      'Not to be seen from outside:',
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
