import type { InjectionToken } from '@nestjs/common';

/** A part of a service that reports its health. */
export interface ReadinessCheck {
  /** The problem; undefined when healthy. */
  check(): string | undefined | Promise<string | undefined>;
  /** Whether the service works without it; its problem is then reported without affecting readiness. @default false */
  readonly optional?: boolean;
}

/** The providers of the checks, by the names that `/readyz` shows. */
export type ReadinessChecks = Readonly<Record<string, InjectionToken<ReadinessCheck>>>;

export const READINESS = Symbol('readiness');
