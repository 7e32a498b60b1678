/** The URI in a message's `dataschema`: which schema its data fits. A new version of a message has a new one. */
export function schemaUri(type: string): string {
  return `urn:palinode:schema:${type}`;
}

/** The type of the reply to a command; it has the command's version. */
export function replyType(commandType: string): string {
  return commandType.replace(VERSION, '.reply$&');
}

const VERSION = /\.v\d+$/;

/** Of refusals and failures, whatever command they answer. */
export const REJECTION_SCHEMA = schemaUri('objection.v1');
