/* Checks where a hold may be placed: on commands that this orchestrator's definitions send. */
import { UnprocessableEntityException } from '@nestjs/common';
import { commandsOf, stepsOf, type DefinitionRegistry } from '../../definition';
import type { HoldWhere } from '../../holds';
import { invalidRequest, type Problem } from '../../http';
import type { HoldWhereRequest } from './holds.query';

/** @throws Problem with 422 for an incomplete place, and for an unknown one, with the known names. */
export function holdWhere(request: HoldWhereRequest, registry: DefinitionRegistry): HoldWhere {
  const { service, command, definition, version, step } = request;
  if ((service === undefined) === (definition === undefined))
    throw invalid('where', 'must name either a service or a definition with a step');
  if (service !== undefined) {
    for (const field of ['version', 'step'] as const)
      if (request[field] !== undefined) throw invalid(`where.${field}`, 'belongs to a definition, not to a service');
    return ofService(service, command, registry);
  }
  if (command !== undefined) throw invalid('where.command', 'belongs to a service, not to a definition');
  if (step === undefined) throw invalid('where.step', 'must be given with a definition');
  return ofStep(definition as string, version, step, registry);
}

function ofService(service: string, command: string | undefined, registry: DefinitionRegistry): HoldWhere {
  const sent = registry.all().flatMap(commandsOf);
  const its = sent.filter((each) => each.service === service);
  if (its.length === 0) {
    const services = sent.map((each) => each.service);
    throw unknown('where.service', service, 'is not a service to which these definitions send commands', services);
  }
  const names = its.map(({ name }) => name);
  if (command !== undefined && !names.includes(command))
    throw unknown('where.command', command, `is not a command that these definitions send to ${service}`, names);
  return command === undefined ? { service } : { service, command };
}

function ofStep(name: string, version: number | undefined, step: string, registry: DefinitionRegistry): HoldWhere {
  const ofName = registry.all().filter((each) => each.name === name);
  if (ofName.length === 0) {
    const names = registry.all().map((each) => each.name);
    throw unknown('where.definition', name, 'is not a definition that is registered here', names);
  }
  const those = ofName.filter((each) => version === undefined || each.version === version);
  if (those.length === 0) {
    const versions = ofName.map((each) => String(each.version));
    throw unknown('where.version', String(version), `is not a registered version of ${name}`, versions);
  }
  const steps = those.flatMap(stepsOf).filter(({ action, compensation }) => action ?? compensation);
  const names = steps.map((each) => each.name);
  if (!names.includes(step)) throw unknown('where.step', step, `is not a step of ${name} that sends a command`, names);
  return version === undefined ? { definition: name, step } : { definition: name, version, step };
}

function invalid(field: string, problem: string): Problem {
  return invalidRequest([{ field, problem }], 422);
}

function unknown(field: string, what: string, why: string, known: readonly string[]): UnprocessableEntityException {
  const problem = `${why}; there are ${[...new Set(known)].toSorted().join(', ')}`;
  return new UnprocessableEntityException({ message: `${what} ${problem}.`, errors: [{ field, problem }] });
}
