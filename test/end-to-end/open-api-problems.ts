import { Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';

/**
 * Rules that do not apply: summaries replace descriptions, operators know the servers, and AsyncAPI describes the Kafka
 * messages.
 */
const OFF = ['operation-description', 'operation-tag-defined', 'oas3-api-servers', 'oas3-unused-component'];

/** The violations of OpenAPI's rules in a service's description. */
export async function openApiProblems(url: string): Promise<string[]> {
  const response = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(10_000) });
  const spectral = new Spectral();
  spectral.setRuleset({
    extends: [oas as never],
    rules: Object.fromEntries(OFF.map((rule) => [rule, 'off' as const])),
  });
  const found = await spectral.run((await response.json()) as Record<string, unknown>);
  return found.map(({ code, path, message }) => `${url} ${code} ${path.join('.')}: ${message}`);
}
