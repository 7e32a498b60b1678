import { waitUntil } from '@palinode/testing-support/wait-until';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { Refresher } from './refresher';

describe('Refresher', () => {
  let answers: ((answer: string) => void)[];
  let queries: QueryClient;
  let refresher: Refresher;
  let stop: () => void;

  beforeEach(() => {
    answers = [];
    queries = new QueryClient();
    const queryFn = (): Promise<string> => new Promise((resolve) => void answers.push(resolve));
    stop = new QueryObserver(queries, { queryKey: ['sagas', 'list'], queryFn }).subscribe(() => undefined);
    refresher = new Refresher(queries, ['sagas'], 1);
  });

  afterEach(() => {
    refresher.end();
    stop();
    queries.clear();
  });

  const asked = (times: number): Promise<unknown> =>
    waitUntil(`the server to be asked ${times} times`, () => answers.length === times);
  const shown = (answer: string): Promise<unknown> =>
    waitUntil(`${answer} to be shown`, () => queries.getQueryData(['sagas', 'list']) === answer);

  it('fetches once more when a change arrives while an answer is on its way', async () => {
    refresher.changed();
    answers[0]!('before the change');
    await shown('before the change');
    await asked(2);
    answers[1]!('after the change');
    await shown('after the change');
    expect(answers).toHaveLength(2);
  });

  it('fetches once more after each change when the answers lag behind the events', async () => {
    answers[0]!('first');
    await shown('first');
    refresher.end();
    refresher = new Refresher(queries, ['sagas'], 1, true);
    refresher.changed();
    await asked(2);
    answers[1]!('not yet counted');
    await asked(3);
    answers[2]!('counted');
    await shown('counted');
    expect(answers).toHaveLength(3);
  });

  it('shows an answer however many changes arrive before it, and fetches once more for all of them', async () => {
    answers[0]!('first');
    await shown('first');
    refresher.changed();
    await asked(2);
    for (let n = 0; n < 10; n += 1) refresher.changed();
    answers[1]!('second');
    await shown('second');
    await asked(3);
    answers[2]!('third');
    await shown('third');
    expect(answers).toHaveLength(3);
  });
});
