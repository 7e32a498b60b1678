import * as fc from 'fast-check';
import { mermaidProblems } from '../../../../test/diagrams/mermaid-problems';
import { randomDefinitions } from '../../test/random-definition';
import { atCompensation, atPivot, atRetriable } from '../../test/sample-progress';
import { placeOrder } from '../../test/sample-saga';
import { aTrip, bookSeat, bookTrip } from '../../test/sample-shapes';
import { sagaTest } from '../testing/saga-test';
import { flowchartOf } from './flowchart';
import { MermaidChart } from './mermaid-chart';

async function expectAllParsed(texts: readonly string[]): Promise<void> {
  const problems = await mermaidProblems(texts);
  expect(problems).toHaveLength(texts.length);
  expect(texts.filter((_, index) => problems[index] !== null)).toEqual([]);
}

it('Mermaid parses the flowchart of a saga in any state', async () => {
  const sagas = [atPivot, atRetriable, atCompensation].map((saga) => flowchartOf(placeOrder, saga().state));
  const trip = sagaTest(bookTrip).start(aTrip()).reply(bookSeat, { seat: '1A' });
  await expectAllParsed([...sagas, flowchartOf(bookTrip), flowchartOf(bookTrip, trip.state)]);
});

it('Mermaid parses the flowchart of any definition', async () => {
  await expectAllParsed(fc.sample(randomDefinitions, 50).map((definition) => flowchartOf(definition)));
});

it('Mermaid parses a label of any text', async () => {
  const labels = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), 50);
  const charts = ['end"]', '<b>&#34;', '`x`', '%%{init: {}}%%', '\n', ...labels].map((label) => {
    const chart = new MermaidChart({});
    chart.node('a', 'box', [label]);
    return chart.toString();
  });
  await expectAllParsed(charts);
});
