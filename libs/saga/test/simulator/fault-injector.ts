/* Injects faults into the simulated world at random places; no fault if no place is suitable. */
import {
  ACKNOWLEDGEMENTS,
  cloudEvent,
  commandId,
  commandTopic,
  ORCHESTRATOR_COMMANDS,
  replyTopic,
  SIGNAL_SAGA,
  writeEnvelope,
  type Command,
  type Direction,
  type Reply,
  type SignalSaga,
} from '../../src/contract';
import { stepNamed } from '../../src/definition';
import type { SagaEvent, SagaState } from '../../src/engine';
import type { IncomingMessage } from '../../src/messaging';
import type { StoredSaga } from '../../src/store/saga-store';
import { consent } from '../sample-shapes';
import { ROLES, type Role } from './bus';
import { DEFINITIONS, REGISTRIES } from './definitions';
import { CALM_WEIGHT, type Fault } from './faults';
import type { Job, Process } from './process';
import { SERVICES, type Service } from './shop';
import type { Simulation } from './simulation';

/** One step of a world with faults; returns the injected fault, if any. */
export function step(world: Simulation): Fault | undefined {
  const { mix, tape } = world;
  let total = 0;
  for (const weight of mix.values()) total += weight;
  const roll = tape.choose(CALM_WEIGHT + total);
  if (roll < CALM_WEIGHT) {
    const next = world.progress();
    next[roll % next.length]?.();
    return undefined;
  }
  let left = roll - CALM_WEIGHT;
  for (const [fault, weight] of mix) {
    if (left < weight) {
      INJECTIONS[fault](world, fault);
      return fault;
    }
    left -= weight;
  }
  return undefined;
}

type Injection = (world: Simulation, fault: Fault) => void;

const operateOn = operating((world, fault, saga, self) => {
  const kind = fault as 'pause' | 'resume' | 'retry' | 'cancel';
  struck(world, fault, saga.state.status);
  world.operate(self, { sagaId: saga.state.id, event: { kind, ...OPERATOR } });
});

const INJECTIONS: Readonly<Record<Fault, Injection>> = {
  crash: (world, fault) => {
    const self = pick(world, world.processes);
    if (self === undefined || self.jobs.size === 0) return;
    for (const job of self.jobs.values()) struck(world, fault, whereOf(self, job));
    world.kill(self);
  },

  'commit-fails': failNextOperation,
  'commit-unknown': failNextOperation,
  'publish-fails': failNextOperation,

  'database-crash': (world, fault) => {
    const service = SERVICES[world.tape.choose(SERVICES.length)] as Service;
    for (const self of world.processes) {
      if (self.role !== service) continue;
      for (const job of self.jobs.values()) {
        struck(world, fault, whereOf(self, job));
        world.abandon(self, job);
      }
    }
    world.services[service].crash();
  },

  drop: (world, fault) => {
    const messages = world.bus.of(someRole(world));
    const [dropped] = messages.splice(world.tape.choose(Math.max(1, messages.length)), 1);
    if (dropped === undefined) return;
    struck(world, fault, kindOf(dropped.topic));
  },

  duplicate: (world, fault) => {
    const message = pick(world, world.published);
    if (message === undefined) return;
    world.bus.redeliver([message]);
    struck(world, fault, kindOf(message.topic));
  },

  reorder: (world, fault) => {
    const messages = world.bus.of(someRole(world));
    if (messages.length < 2) return;
    const [late] = messages.splice(1 + world.tape.choose(messages.length - 1), 1);
    if (late === undefined) return;
    messages.unshift(late);
    struck(world, fault, kindOf(late.topic));
  },

  'broker-loses-log': (world, fault) => {
    for (const role of ROLES) world.bus.of(role).splice(0);
    struck(world, fault, 'all');
  },

  rebalance: (world, fault) => {
    const [self, job] = someJob(world) ?? [];
    if (self === undefined || job === undefined || job.held.length === 0) return;
    world.bus.redeliver(job.held);
    struck(world, fault, whereOf(self, job));
  },

  forge: (world, fault) => {
    const saga = pick(world, [...world.orchestrator.sagas])?.state;
    const waiting = Object.entries(saga?.steps ?? {}).flatMap(([step, { exchange }]) =>
      exchange ? [{ step, exchange }] : [],
    );
    const awaited = pick(world, waiting);
    if (saga === undefined || awaited === undefined) return;
    const { step: sagastep, exchange } = awaited;
    const forged = cloudEvent<Reply>(new Date(world.now), {
      id: exchange.commandId,
      type: 'forged.reply.v1',
      source: '/unknown',
      sagaid: saga.id,
      sagastep,
      sagadirection: exchange.direction,
      inreplyto: exchange.commandId,
      outcome: 'success',
      data: null,
    });
    world.published.push(world.bus.publish(replyTopic('unknown'), saga.id, writeEnvelope(forged)));
    struck(world, fault, exchange.direction);
  },

  impostor: (world, fault) => {
    const saga = pick(world, [...world.orchestrator.sagas])?.state;
    if (saga === undefined) return;
    const awaited = new Set(Object.values(saga.steps).flatMap(({ exchange }) => exchange?.commandId ?? []));
    const sent = world.published.flatMap((message) => commandIn(message) ?? []);
    const known = sent.filter(({ id }) => awaited.has(id));
    const kept = sent.filter((each) => each.sagaid === saga.id && !awaited.has(each.id) && isKept(world, each));
    const command = pick(world, [...known, ...kept]);
    if (command === undefined) return;
    const { id } = command;
    const sagaid = awaited.has(id) ? IMPOSTOR : command.sagaid;
    const value = Buffer.from(writeEnvelope({ ...command, sagaid, data: renamed(command.data) }));
    world.bus.redeliver([
      { topic: commandTopic(serviceOf(command)), partition: 0, offset: '0', key: Buffer.from(id), value },
    ]);
    struck(world, fault, command.sagadirection);
  },

  // The handlers draw these two.
  refuse: () => undefined,
  fail: () => undefined,

  signal: (world, fault) => {
    const saga = pick(world, world.requested);
    if (saga === undefined) return;
    const given = world.tape.choose(2) === 0;
    world.published.push(world.bus.publish(ORCHESTRATOR_COMMANDS, saga, sendSignal(saga, given, world.now)));
    struck(world, fault, `consent ${given}`);
  },

  leap: (world, fault) => {
    world.now += [6_000, 60_000, 3_600_000][world.tape.choose(3)] as number;
    struck(world, fault, 'clock');
  },

  outlast: (world, fault) => {
    if (!world.isIdle) return;
    world.now += LONGER_THAN_INBOXES_MS;
    struck(world, fault, 'clock');
  },

  'fall-back': (world, fault) => {
    world.now -= [1_000, 30_000][world.tape.choose(2)] as number;
    struck(world, fault, 'clock');
  },

  pause: operateOn,
  resume: operateOn,
  retry: operateOn,
  cancel: operateOn,

  resolve: operating((world, fault, saga, self) => {
    const found = pick(world, findingsOn(world, saga.state));
    if (found === undefined) return;
    const { step, direction, outcome, reply } = found;
    struck(world, fault, `${direction} ${outcome}`);
    const event = { kind: fault, step, outcome, reply, ...OPERATOR } as SagaEvent;
    world.operate(self, { sagaId: saga.state.id, event, revision: saga.revision });
  }),

  // Operators may skip without a check: if nothing is being compensated, nothing may change.
  skip: operating((world, fault, saga, self) => {
    const { id, status, steps } = saga.state;
    const undoing = Object.keys(steps).filter((name) => steps[name]?.status === 'COMPENSATING');
    const step = pick(world, undoing.length > 0 ? undoing : Object.keys(steps));
    if (step === undefined) return;
    struck(world, fault, status);
    world.operate(self, { sagaId: id, event: { kind: 'skip', step, ...OPERATOR } });
  }),

  hold: (world, fault) => {
    const service = pick(world, SERVICES);
    if (service === undefined || world.held.has(service)) return;
    world.hold(service);
    struck(world, fault, 'a service');
  },

  unhold: (world, fault) => {
    const service = pick(world, [...world.held]);
    if (service === undefined) return;
    world.held.delete(service);
    struck(world, fault, 'a service');
  },

  probe: operating((world, fault, saga, self) => {
    const { id, status, steps } = saga.state;
    const step = pick(
      world,
      Object.keys(steps).filter((name) => steps[name]?.held !== undefined),
    );
    if (step === undefined) return;
    struck(world, fault, status);
    world.operate(self, { sagaId: id, event: { kind: 'probed', step } });
  }),

  deploy: (world, fault) => {
    const self = pick(world, orchestratorsOf(world));
    if (self === undefined) return;
    world.kill(self);
    const known = world.tape.choose(REGISTRIES.length);
    self.registry = REGISTRIES[known] as Process['registry'];
    struck(world, fault, `knows ${known}`);
  },
};

const LONGER_THAN_INBOXES_MS = 9 * 86_400_000;

const IMPOSTOR = '019b76da-a800-7000-8000-0000000000ff';

/** Undefined except for commands to participants. */
function commandIn({ topic, value }: IncomingMessage): Command | undefined {
  if (!topic.endsWith('.commands') || topic === ORCHESTRATOR_COMMANDS) return undefined;
  return JSON.parse(String(value)) as Command;
}

function serviceOf({ replyto }: Command): Service {
  return replyto.slice(replyTopic('').length) as Service;
}

function isKept(world: Simulation, command: Command): boolean {
  return world.services[serviceOf(command)].findDurable(command.id) !== undefined;
}

/** The same command about another object. */
function renamed(data: unknown): unknown {
  const fields = Object.entries(data as Record<string, unknown>);
  return Object.fromEntries(fields.map(([name, value]) => [name, typeof value === 'string' ? `not ${value}` : value]));
}

interface Finding {
  readonly step: string;
  readonly direction: Direction;
  readonly outcome: 'success' | 'failure';
  readonly reply: unknown;
}

/** The participants' inbox rows for the commands that this saga waits for or is about to retry. */
function findingsOn(world: Simulation, state: SagaState): readonly Finding[] {
  const definition = DEFINITIONS.find(({ name, version }) => name === state.definition && version === state.version);
  return Object.entries(state.steps).flatMap(([name, { exchange }]) => {
    const step = definition && stepNamed(definition, name);
    if (exchange === undefined || step === undefined) return [];
    const { commandId, direction } = exchange;
    const service = SERVICES.find((each) => each === step[direction]?.command.service);
    const row = service && world.services[service].findDurable(commandId);
    if (row === undefined || row.reply === null) return [];
    const { data: reply } = JSON.parse(row.reply) as { data: unknown };
    return [{ step: name, direction, outcome: row.outcome === 'success' ? 'success' : 'failure', reply }];
  });
}

function sendSignal(sagaid: string, given: boolean, now: number): string {
  const signal = cloudEvent<SignalSaga>(new Date(now), {
    id: commandId({ id: sagaid }, 0, now),
    type: SIGNAL_SAGA,
    source: '/another',
    sagaid,
    data: { signal: consent.name, payload: { given } },
  });
  return writeEnvelope(signal);
}

/** The job fails at its next commit or publish. */
function failNextOperation(world: Simulation, fault: Fault): void {
  const [, job] = someJob(world) ?? [];
  if (job) job.pendingFault = fault;
}

const OPERATOR = { by: 'an operator', reason: 'an injected fault' };

/** Lets an operator act on a saga through an idle orchestrator. */
function operating(act: (world: Simulation, fault: Fault, saga: StoredSaga, self: Process) => void): Injection {
  return (world, fault) => {
    const saga = pick(world, [...world.orchestrator.sagas]);
    const self = pick(world, orchestratorsOf(world));
    if (saga !== undefined && self !== undefined && !self.jobs.has('operate')) act(world, fault, saga, self);
  };
}

function struck(world: Simulation, fault: Fault, where: string): void {
  world.journal.count(`${fault} / ${where}`);
  world.journal.log(() => world.line(`*** ${fault}: ${where}`));
}

function whereOf({ role }: Process, { work, phase }: Job): string {
  return `${role === 'orchestrator' ? 'orchestrator' : 'participant'} ${work} ${phase}`;
}

function kindOf(topic: string): string {
  if (topic.startsWith('orchestrator.replies')) return 'reply';
  if (topic === ACKNOWLEDGEMENTS) return 'acknowledgement';
  return topic === ORCHESTRATOR_COMMANDS ? 'start' : 'command';
}

function someRole(world: Simulation): Role {
  return ROLES[world.tape.choose(ROLES.length)] as Role;
}

function someJob(world: Simulation): readonly [Process, Job] | undefined {
  const all = world.processes.flatMap((self) => [...self.jobs.values()].map((job) => [self, job] as const));
  return pick(world, all);
}

function orchestratorsOf({ processes }: Simulation): readonly Process[] {
  return processes.filter(({ role }) => role === 'orchestrator');
}

function pick<T>(world: Simulation, from: readonly T[]): T | undefined {
  return from.length === 0 ? undefined : from[world.tape.choose(from.length)];
}
