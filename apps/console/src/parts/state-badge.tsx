import './state-badge.css';

/** The colours of states; console.css gives each theme its shade. */
export type StateColor = 'running' | 'completed' | 'compensating' | 'paused' | 'held' | 'ignored';

/** A state as a sign and a word in its colour: never the colour alone. */
export function StateBadge({
  word,
  color,
  sign,
}: {
  readonly word: string;
  readonly color: StateColor;
  readonly sign: string;
}) {
  return (
    <span className="state-badge" style={{ color: `var(--state-${color})` }}>
      <span aria-hidden className="state-sign">
        {sign}
      </span>
      {word}
    </span>
  );
}
