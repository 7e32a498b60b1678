import { isSilent, type Verdict } from './conformance';

/** What no message tells; a reviewer has to look. */
const NOT_SEEN = [
  'that offsets are committed last (rule 1), and that effect and inbox row are one transaction (rule 4)',
  'what happens while the database or the broker is away (rules 16 and 17)',
  'how long ids are remembered (rule 15), and the key that third parties get (rule 18)',
];

export interface Report {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/** What was found, for people: a line for each promise that is kept, the whole story of each that is not. */
export function reportOf(verdicts: readonly Verdict[], observed: boolean): Report {
  const broken = verdicts.filter(({ wrong }) => wrong.length > 0).length;
  const unseen = observed
    ? NOT_SEEN
    : ['whether a second effect was had (rule 5): --observe URL counts them', ...NOT_SEEN];
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
