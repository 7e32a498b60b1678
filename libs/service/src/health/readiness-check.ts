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

/** What a service's health consists of. */
export interface HealthParts {
  /** What it needs to take requests. */
  readonly readiness: ReadinessChecks;
  /** What handles its messages. It takes requests also while these do not work. */
  readonly consumers: ReadinessChecks;
  /** Whether it takes requests also before its consumers have started. */
  readonly servesWithoutBroker: boolean;
}

export const HEALTH_PARTS = Symbol('health parts');
