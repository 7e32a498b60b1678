/*
 * The digest by which a participant tells two commands of one id apart. It never leaves the participant, so each may choose
 * its own form; this one is SHA-256 over the canonical JSON of [type, sagaid, sagastep, sagadirection, undoes or null, data].
 * What may differ when a command is sent again (time, attempt, trace, the order of fields, spaces) is not in it.
 */
import { hash } from 'node:crypto';
import type { Command } from './envelope';

type Said = Pick<Command, 'type' | 'sagaid' | 'sagastep' | 'sagadirection' | 'undoes' | 'data'>;

/** Says what this command asks, of whom: 32 bytes. */
export function commandDigest({ type, sagaid, sagastep, sagadirection, undoes, data }: Said): Buffer {
  return digestOf([type, sagaid, sagastep, sagadirection, undoes ?? null, data]);
}

/** Of a tombstone: whose action it keeps out, of which nothing else is known. */
export function tombstoneDigest({ sagaid, sagastep }: Pick<Command, 'sagaid' | 'sagastep'>): Buffer {
  return digestOf([sagaid, sagastep]);
}

function digestOf(value: unknown): Buffer {
  return hash('sha256', canonicalJson(value), 'buffer');
}

/** JSON with the fields of each object in the order of their names, and without spaces. Loops, since every command comes here. */
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
