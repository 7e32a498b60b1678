/*
 * Payloads are declared as classes with class-validator rules and checked, on both sides of the wire, by the JSON Schema
 * made from those rules: a compiled schema costs about a microsecond, the decorators tens of them, and the same schema
 * is what a participant in another language reads. A rule that has no JSON Schema is refused when the contract is
 * declared, so that no rule is ever skipped in silence.
 */
import 'reflect-metadata';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { defaultMetadataStorage as types } from 'class-transformer/cjs/storage';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { canonicalData } from './canonical-data';
import { checkableRules, wholeNumbers } from './checkable-rules';
import { inOneLine, InvalidDataError, ConfigurationError, type Violation } from './errors';
import type { Class, JsonSchema } from './json-schema';

/** Stops at the first thing that is wrong, and looks at the length of a list before it looks at what is in it. */
const firstError = addFormats(new Ajv({ strict: false }));
const allErrors = addFormats(new Ajv({ allErrors: true, strict: false }));

interface Validators {
  readonly first: ValidateFunction;
  /** Made when something small is wrong. */
  all?: ValidateFunction;
}

const compiled = new WeakMap<Class<object>, Validators>();

/** Of larger data only the first thing that is wrong is told: it may hold tens of thousands of them. */
const SMALL_VALUES = 1_000;
const MAX_VIOLATIONS = 20;

/** The JSON Schema of a class with class-validator rules, self-contained. Throws a ConfigurationError for a rule without one. */
export function schemaOf(type: Class<object>): JsonSchema {
  const nested = new Map<string, Class<object>>();
  const schema = ownSchema(type, nested);
  const definitions: Record<string, JsonSchema> = {};
  for (const [name, child] of nested) definitions[name] = ownSchema(child, nested);
  return nested.size === 0 ? schema : { ...schema, definitions };
}

/**
 * What is wrong with this value as an instance of the class, at most twenty things; nothing when it is valid. Unknown fields
 * are allowed, and null stands for a missing one wherever the class says @IsOptional.
 */
export function violations(type: Class<object>, value: unknown): readonly Violation[] {
  const validators = compiled.get(type) ?? compile(type);
  if (validators.first(value)) return [];
  const present = canonicalData(type, value);
  if (validators.first(present)) return [];
  const { errors } = isSmall(present) ? allOf(type, validators, present) : validators.first;
  return (errors ?? []).slice(0, MAX_VIOLATIONS).map(toViolation);
}

function allOf(type: Class<object>, validators: Validators, value: unknown): ValidateFunction {
  const validate = (validators.all ??= allErrors.compile(schemaOf(type)));
  validate(value);
  return validate;
}

function isSmall(value: unknown): boolean {
  let left = SMALL_VALUES;
  const count = (each: unknown): void => {
    left -= 1;
    if (typeof each !== 'object' || each === null || left < 0) return;
    for (const key in each) {
      if (left < 0) return;
      count((each as Record<string, unknown>)[key]);
    }
  };
  count(value);
  return left >= 0;
}

/** What is wrong with this value, in one line; undefined when it is valid. */
export function problemOf(type: Class<object>, value: unknown): string | undefined {
  const found = violations(type, value);
  return found.length === 0 ? undefined : inOneLine(found);
}

/** Throws an InvalidDataError that names each wrong field. */
export function assertValid(what: string, type: Class<object>, value: unknown): void {
  const found = violations(type, value);
  if (found.length > 0) throw new InvalidDataError(what, found);
}

/** The value without nulls in optional fields, as it is sent. Throws an InvalidDataError that names each wrong field. */
export function validOf<T>(what: string, type: Class<object>, value: T): T {
  const valid = canonicalData(type, value);
  assertValid(what, type, valid);
  return valid;
}

/** Throws a ConfigurationError unless values can be checked by this class; for whoever declares a contract with it. */
export function assertDeclares(type: Class<object>): void {
  try {
    compile(type);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`The rules of ${type.name} make no JSON Schema: ${String(error)}. Use others.`);
  }
}

function compile(type: Class<object>): Validators {
  const validators = { first: firstError.compile(schemaOf(type)) };
  compiled.set(type, validators);
  return validators;
}

function ownSchema(type: Class<object>, nested: Map<string, Class<object>>): JsonSchema {
  const rules = checkableRules(type, firstError.formats);
  for (const rule of rules) if (rule.type === 'nestedValidation') collect(type, rule.propertyName, nested);
  const schema = targetConstructorToSchema(type, {
    classTransformerMetadataStorage: types,
    refPointerPrefix: '#/definitions/',
  }) as JsonSchema & { properties: Record<string, { type?: string; items?: { type?: string } }> };
  for (const { field, each } of wholeNumbers(rules)) {
    const place = each ? schema.properties[field]?.items : schema.properties[field];
    if (place) place.type = 'integer';
  }
  return schema;
}

function collect(type: Class<object>, property: string, nested: Map<string, Class<object>>): void {
  const child = (types.findTypeMetadata(type, property)?.typeFunction() ??
    Reflect.getMetadata('design:type', type.prototype as object, property)) as Class<object> | undefined;
  if (child === undefined || child === (Array as unknown)) {
    throw new ConfigurationError(`${type.name}.${property} is nested: say of which class with @Type(() => …).`);
  }
  const known = nested.get(child.name);
  if (known !== undefined && known !== child) {
    throw new ConfigurationError(
      `${type.name} nests two different classes that are both named ${child.name}; rename one.`,
    );
  }
  nested.set(child.name, child);
}

function toViolation({ instancePath, keyword, params, message }: ErrorObject): Violation {
  const path = instancePath.split('/').slice(1);
  if (keyword === 'required') path.push(String(params['missingProperty']));
  const field = path.reduce(
    (text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  );
  return { field: field || 'it', problem: keyword === 'required' ? 'is missing' : (message ?? 'is wrong') };
}
