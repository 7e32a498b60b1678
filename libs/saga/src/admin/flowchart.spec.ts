import { defineSaga } from '../definition';
import { atCompensation } from '../../test/sample-progress';
import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  commitStock,
  Order,
  placeOrder,
  reserved,
  reserveStock,
} from '../../test/sample-saga';
import { insure, aTrip, bookSeat, bookTrip, consent } from '../../test/sample-shapes';
import { sagaTest } from '../testing/saga-test';
import { flowchartOf } from './flowchart';

describe('the flowchart of a definition', () => {
  it('draws the stages forward to the end and the compensations back to the start', () => {
    expect(flowchartOf(placeOrder)).toBe(`flowchart LR
  begin(["place-order v1"])
  u1("order.reject")
  s2["stock<br/>inventory.reserve-stock"]
  u2("inventory.release-stock")
  s3["payment<br/>payment.authorize"]
  u3("payment.void")
  s4{{"capture<br/>payment.capture<br/>pivot"}}
  s5["confirm<br/>order.confirm"]
  s6["commit<br/>inventory.commit-stock"]
  begin --> s2 & s3
  s2 & s3 --> s4
  s4 --> s5
  s5 --> s6
  completed(["COMPLETED"])
  s6 --> completed
  compensated(["COMPENSATED"])
  u1 -.-> compensated
  begin -.-> u1
  u2 -.-> u1
  s2 -.-> u2
  u3 -.-> u1
  s3 -.-> u3
  s4 -.-> u2 & u3
  classDef undo stroke-dasharray:4
  class u1,u2,u3 undo
  classDef pivot stroke-width:4px
  class s4 pivot`);
  });

  it('leads from a pivot without earlier steps straight to the end', () => {
    const payload = (): Order => anOrder();
    const definition = defineSaga({ name: 'charge', version: 2, input: Order })
      .pivot('capture', { invoke: capturePayment, payload: () => ({ authorizationId: 'a' }) })
      .retriable('commit', { invoke: commitStock, payload })
      .build();
    const chart = flowchartOf(definition);
    expect(chart).toContain('s1 -.-> compensated');
    expect(chart).not.toContain('s2 -.->');
  });

  it('has no compensations when no step can fail', () => {
    const definition = defineSaga({ name: 'tidy', version: 1, input: Order })
      .retriable('end', { invoke: commitStock, payload: anOrder })
      .build();
    expect(flowchartOf(definition)).not.toMatch(/compensated|-\.->/);
  });
});

describe('the flowchart of a definition with conditions, items, waits and children', () => {
  const lines = flowchartOf(bookTrip)
    .split('\n')
    .map((line) => line.trim());

  it.each([
    ['a conditional step', 's1["insurance<br/>bank.insure<br/>if wanted"]'],
    ['a step for each item', 's2["seats<br/>rail.book-seat<br/>for each item"]'],
    ['the compensation of each item', 'u2("rail.free-seat<br/>for each item")'],
    ['a wait for a signal', 's3>"consent<br/>signal traveller-consent<br/>within 1d"]'],
    ['a child saga', 's4[["hotel<br/>saga book-hotel v1"]]'],
    ['the compensation of the child saga', 'u4("compensate book-hotel")'],
  ])('shows %s', (_what, line) => {
    expect(lines).toContain(line);
  });

  it('leads back from a wait that may refuse to the steps before it', () => {
    expect(lines).toContain('s3 -.-> u2');
    expect(lines).toContain('u4 -.-> u2');
  });

  it('leads only forward from a wait after the pivot', () => {
    const definition = defineSaga({ name: 'survey', version: 1, input: Order })
      .pivot('capture', { invoke: capturePayment, payload: () => ({ authorizationId: 'a' }) })
      .wait('answer', { signal: consent, timeout: '1d', otherwise: () => ({ given: false }) })
      .build();
    expect(flowchartOf(definition)).toContain('s2 --> completed');
    expect(flowchartOf(definition)).not.toContain('s2 -.->');
  });
});

describe('the flowchart of a saga', () => {
  it('shows the status of each step', () => {
    const chart = flowchartOf(placeOrder, atCompensation().state);
    expect(chart).toContain('s2["stock<br/>inventory.reserve-stock<br/>COMPENSATING"]');
    expect(chart).toContain('s3["payment<br/>payment.authorize<br/>REFUSED"]');
    expect(chart).toContain('class s2 underWay');
    expect(chart).toContain('class s3 failed');
    expect(chart).toContain('class s4,s5,s6 leftOut');
  });

  it('shows a forEach as SKIPPED when the saga compensates before it', () => {
    const saga = sagaTest(bookTrip).start({ ...aTrip(), insured: true });
    expect(flowchartOf(bookTrip, saga.state)).toContain('for each item<br/>PENDING');
    saga.cancel().reply(insure, { seat: 'i' });
    expect(flowchartOf(bookTrip, saga.state)).toContain('for each item<br/>SKIPPED');
  });

  it('marks the steps that are held', () => {
    const saga = sagaTest(placeOrder).start(anOrder()).holds('payment');
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized).expectHeld('capture');
    const chart = flowchartOf(placeOrder, saga.state);
    expect(chart).toContain('s4{{"capture<br/>payment.capture<br/>pivot<br/>PENDING<br/>held"}}');
    expect(chart).toContain('class s4 held');
    expect(chart.match(/held/g)).toHaveLength(3);
  });

  it('counts the held branches of a forEach', () => {
    const saga = sagaTest(bookTrip).start({ ...aTrip(), insured: true });
    saga.holds(bookSeat).reply(insure, { seat: 'i' });
    const chart = flowchartOf(bookTrip, saga.state);
    expect(chart.split('\n').find((line) => line.includes('rail.book-seat'))).toContain('3 PENDING<br/>3 held');
  });

  it('counts the branches of a forEach by status', () => {
    const saga = sagaTest(bookTrip).start(aTrip()).reply(bookSeat, { seat: '1A' });
    const chart = flowchartOf(bookTrip, saga.state);
    expect(chart).toContain('s1["insurance<br/>bank.insure<br/>if wanted<br/>SKIPPED"]');
    expect(chart).toContain('s2["seats<br/>rail.book-seat<br/>for each item<br/>1 DONE<br/>2 INVOKED"]');
    expect(chart).toContain('class s2 underWay');
  });
});
