/**
 * Returns the URI for a message's `dataschema`, which names the schema of its data. Each version of a message has its
 * own.
 */
export function schemaUri(type: string): string {
  return `urn:palinode:schema:${type}`;
}

/** Returns the type of the reply to a command; it has the command's version. */
export function replyType(commandType: string): string {
  return commandType.replace(VERSION, '.reply$&');
}

const VERSION = /\.v\d+$/;

/** The schema of refusals and failures of every command. */
export const REJECTION_SCHEMA = schemaUri('objection.v1');
