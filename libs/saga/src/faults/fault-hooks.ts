import { isKey, MAX_KEY_LENGTH, type Carried, type Refusal } from '../contract';
import type { HookContext, Hooks, Log, Transport } from '../messaging';
import { impossible } from './catalog';
import type { FaultEngine } from './fault-engine';
import { readFaults, UnreadableFaultError } from './fault-header';
import { FaultyTransport } from './faulty-transport';
import { ImpossibleFaultException } from './invalid-fault';

/** Hooks faults into the library's modules. */
export class FaultHooks implements Hooks {
  constructor(
    private readonly engine: FaultEngine,
    private readonly log: Log,
  ) {}

  wrapTransport(transport: Transport): Transport {
    return new FaultyTransport(transport, this.engine, this.log);
  }

  beforeHandler(context: HookContext): Promise<Refusal | undefined> {
    return this.engine.strike('before-handler', context);
  }

  async beforeCommit(context: HookContext): Promise<void> {
    await this.engine.strike('before-commit', context);
  }

  async afterCommit(context: HookContext): Promise<void> {
    await this.engine.strike('after-commit', context);
  }

  /** @throws ImpossibleFaultException, which HTTP answers with 422. */
  carry({ sagafault }: Carried): Carried {
    if (sagafault !== undefined) this.expectPossible(sagafault);
    return { sagafault };
  }

  private expectPossible(fault: string): void {
    // It travels as an attribute of the saga's messages, whose length is limited.
    if (!isKey(fault)) throw impossibleHeader(`must have at most ${MAX_KEY_LENGTH} characters, and no NUL`);
    const { catalog } = this.engine;
    try {
      const problems = readFaults(fault, '').flatMap((rule) => impossible(rule, catalog) ?? []);
      if (problems.length > 0) throw new ImpossibleFaultException(problems);
    } catch (error) {
      if (!(error instanceof UnreadableFaultError)) throw error;
      throw impossibleHeader(`cannot be read: ${error.message}`);
    }
  }
}

function impossibleHeader(problem: string): ImpossibleFaultException {
  return new ImpossibleFaultException([{ field: 'X-Saga-Fault', problem }]);
}
