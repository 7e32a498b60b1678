import * as fc from 'fast-check';
import { atCompensation } from '../../../libs/saga/test/sample-progress';
import { placeOrder, rejectOrder, releaseStock } from '../../../libs/saga/test/sample-saga';
import { mermaidProblems } from '../../../test/diagrams/mermaid-problems';
import { mermaidOf } from '../src/diagram/mermaid';
import { anySaga } from './any-saga';
import { sagaOf } from './saga-of';

it('writes a saga as a sequence diagram that Mermaid parses', async () => {
  const saga = sagaOf(placeOrder, atCompensation().compensate(releaseStock, rejectOrder));
  const text = mermaidOf(saga);
  expect(text).toContain('L1->>L2: reserve-stock (stock)');
  expect(text).toContain('L3-->>L1: ⊘ authorize#58; refused#58; card-declined (payment)');
  expect(text).toContain('L1->>L2: ↩ release-stock (stock)');
  expect(await mermaidProblems([text])).toEqual([null]);
});

it('writes text that Mermaid parses for any saga, whatever its texts contain', async () => {
  const texts = fc.sample(anySaga, 20).map(mermaidOf);
  const problems = await mermaidProblems(texts);
  expect(texts.filter((_, n) => problems[n] !== null)).toEqual([]);
});
