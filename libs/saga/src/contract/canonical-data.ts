/*
 * Brings data to one canonical form when they arrive and before they are sent.
 *
 * `null` counts as missing where a class says @IsOptional: class-validator then skips the other rules. JSON Schema does
 * not, and code that compares with `undefined` would find null. So nulls of optional fields are left out.
 *
 * @IsUUID also accepts capitals. Code that compares UUIDs as text, or uses them as keys, would see two different ones.
 * So they are written in lower case.
 */
import { getMetadataStorage, IS_UUID } from 'class-validator';
import { canonicalId } from './message-id';
import { nestedClasses, type AnyClass, type NestedClass } from './nested-classes';

interface Fields {
  readonly optional: readonly string[];
  /** The fields that hold UUIDs, or arrays of them. */
  readonly ids: readonly string[];
  /** The classes of the fields that hold objects, or arrays of them. */
  readonly nested: readonly NestedClass[];
}

const known = new WeakMap<AnyClass, Fields>();

/**
 * Returns the value without optional fields that are null, and with its UUIDs in lower case, at any depth that its
 * class describes. Returns the value itself when nothing changes.
 */
export function canonicalData<T>(type: AnyClass, value: T): T {
  if (Array.isArray(value)) return changed(value, Object.entries(value.map((each) => canonicalData(type, each))));
  if (typeof value !== 'object' || value === null) return value;
  const { optional, ids, nested } = known.get(type) ?? fieldsOf(type);
  const found = value as Record<string, unknown>;
  const absent = optional.filter((name) => found[name] === null);
  const children = nested.map(({ name, type: child }): [string, unknown] => [name, canonicalData(child, found[name])]);
  return changed(
    value,
    [...ids.map((name): [string, unknown] => [name, canonicalIds(found[name])]), ...children],
    absent,
  );
}

function canonicalIds(value: unknown): unknown {
  if (typeof value === 'string') return canonicalId(value);
  return Array.isArray(value) ? changed(value, Object.entries(value.map(canonicalIds))) : value;
}

/** Copies the value, class included, with these fields; returns the value itself when none of them differs. */
function changed<T extends object>(value: T, fields: [string, unknown][], absent: readonly string[] = []): T {
  const before = value as Record<string, unknown>;
  const differing = fields.filter(([name, now]) => before[name] !== now);
  if (differing.length === 0 && absent.length === 0) return value;
  const copy = Array.isArray(value) ? [...value] : Object.assign(Object.create(Object.getPrototypeOf(value)), value);
  for (const [name, now] of differing) copy[name] = now;
  for (const name of absent) delete copy[name];
  return copy as T;
}

function fieldsOf(type: AnyClass): Fields {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const optional = rules.filter(({ name }) => name === 'isOptional').map(({ propertyName }) => propertyName);
  const ids = rules.filter(({ name }) => name === IS_UUID).map(({ propertyName }) => propertyName);
  const fields = { optional: [...new Set(optional)], ids: [...new Set(ids)], nested: nestedClasses(type) };
  known.set(type, fields);
  return fields;
}
