import type { InjectionToken } from '@nestjs/common';

/** Part of a service that knows whether it works. */
export interface ReadinessCheck {
  /** What is wrong; undefined while all is well. */
  check(): string | undefined | Promise<string | undefined>;
  /** Whether the service works without it: then what is wrong is shown, and no more. @default false */
  readonly optional?: boolean;
}

/** By the name that `/readyz` shows, the provider that is asked. */
export type ReadinessChecks = Readonly<Record<string, InjectionToken<ReadinessCheck>>>;

export const READINESS = Symbol('readiness');
