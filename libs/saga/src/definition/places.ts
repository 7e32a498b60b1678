/*
 * Where definitions and their steps are in the source, for people who look into a faulty mapper. The places are no part of a
 * definition, which is plain data and the same wherever it was built.
 */
import type { SagaDefinition } from './definition';

const FRAME = /\(?((?:file:\/\/)?[^()\s]+:\d+):\d+\)?$/;
const PLACES = new WeakMap<SagaDefinition, ReadonlyMap<string, string>>();
/** Stands for the definition as a whole; no step has this name. */
const WHOLE = '';

/** The places of one definition while it is built. */
export class Places {
  private readonly places = new Map<string, string>([[WHOLE, caller()]]);

  /** Remembers who calls the builder as the place of these steps. */
  add(steps: readonly string[]): void {
    const place = caller();
    for (const step of steps) this.places.set(step, place);
  }

  keepFor(definition: SagaDefinition): void {
    PLACES.set(definition, this.places);
  }
}

/** Returns the file and the line at which a step, or the whole definition, is defined; undefined when it is not known. */
export function placeOf(definition: SagaDefinition, step: string = WHOLE): string | undefined {
  return PLACES.get(definition)?.get(step.replace(/\[\d+\]$/, '')) || undefined;
}

/** The nearest caller outside of this folder. */
function caller(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const outside = frames.find((frame) => !frame.includes(__dirname));
  return FRAME.exec(outside?.trim() ?? '')?.[1] ?? '';
}
