import type { Answer } from './way';

/** Posts JSON and reads the answer to its end. */
export async function post(
  url: string,
  body: object,
  options: { headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(body),
    ...(options.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(options.timeoutMs) }),
  });
  await response.arrayBuffer();
  return { status: response.status };
}
