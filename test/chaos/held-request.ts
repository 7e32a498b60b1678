import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** An HTTP request without its end, so that it is in flight for as long as a test needs. */
export class HeldRequest {
  private answer = '';

  private constructor(
    private readonly socket: Socket,
    private readonly rest: string,
  ) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.answer += text));
    socket.on('error', () => undefined);
  }

  /** Resolves when the server has accepted the connection and the start of the request was sent. */
  static async begin(url: string, method: 'GET' | 'POST', path: string, body = ''): Promise<HeldRequest> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}`, 'Content-Type: application/json'];
    const whole = [...head, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body].join('\r\n');
    const held = new HeldRequest(socket, whole.slice(-1));
    await new Promise((resolve) => socket.write(whole.slice(0, -1), resolve));
    return held;
  }

  /** Sends the end. Resolves with the response status; undefined when the connection closed without a response. */
  async end(): Promise<number | undefined> {
    const closed = this.socket.closed ? Promise.resolve() : once(this.socket, 'close');
    this.socket.write(this.rest);
    await closed;
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.answer)?.[1];
    return status === undefined ? undefined : Number(status);
  }
}
