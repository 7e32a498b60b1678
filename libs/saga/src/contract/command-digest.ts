/*
 * The digest by which a participant notices that two commands with one id differ. It never leaves the participant, so
 * each may choose its own form; this one is SHA-256 over the canonical JSON of [type, sagaid, sagastep, sagadirection,
 * undoes or null, data]. It leaves out what may differ when a command is sent again: time, attempt, trace, the order of
 * fields, spaces.
 */
import { hash } from 'node:crypto';
import type { Command } from './envelope';

type Said = Pick<Command, 'type' | 'sagaid' | 'sagastep' | 'sagadirection' | 'undoes' | 'data'>;

/** Returns 32 bytes that identify what the command requests and for which step. */
export function commandDigest({ type, sagaid, sagastep, sagadirection, undoes, data }: Said): Buffer {
  return digestOf([type, sagaid, sagastep, sagadirection, undoes ?? null, data]);
}

/**
 * The digest in a tombstone: the saga and step of the action that must not run; the rest of the action is not known.
 */
export function tombstoneDigest({ sagaid, sagastep }: Pick<Command, 'sagaid' | 'sagastep'>): Buffer {
  return digestOf([sagaid, sagastep]);
}

function digestOf(value: unknown): Buffer {
  return hash('sha256', canonicalJson(value), 'buffer');
}

/**
 * Writes JSON without spaces and with the fields of each object sorted by name. Uses loops because it runs for every
 * command.
 */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields).toSorted()) {
    const field = fields[name];
    if (field !== undefined) text += `${text && ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}
