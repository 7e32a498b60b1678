import type { Change } from '../../../test/seeded-bugs/mutated';
import { loadMutated } from '../../../test/seeded-bugs/mutated';
import { anOrder, authorized, authorizePayment, placeOrder, reserved, reserveStock } from '../../../test/sample-saga';
import type * as explorer from './explore';

/** Returns the shortest history to a broken promise when the engine has this bug. */
function storyWith(change: Change): string {
  const { explore } = loadMutated('src/testing/explorer/explore', [change]) as typeof explorer;
  const exploration = explore(placeOrder)
    .on(reserveStock, { reply: reserved })
    .on(authorizePayment, { reply: authorized })
    .start(anOrder(), { tries: 1 });
  return exploration.story ?? 'No promise was broken.';
}

const OPERATE = 'src/engine/operate.ts';

describe('an exploration of operator actions', () => {
  it('finds a bug in how an operator resolves a command', () => {
    const inverted = { file: OPERATE, from: "if (outcome === 'success')", to: "if (outcome !== 'success')" };
    expect(storyWith(inverted)).toMatch(/an operator resolves .* as a (success|refusal|failure)/);
  });

  it('finds a bug in how an operator skips a compensation', () => {
    const miscounted = { file: OPERATE, from: "status: 'COMPENSATION_SKIPPED'", to: "status: 'COMPENSATED'" };
    expect(storyWith(miscounted)).toMatch(/an operator skips the compensation of \w+/);
  });
});
