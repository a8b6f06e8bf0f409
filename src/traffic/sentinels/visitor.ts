/**
 * A client that keeps its cookies and reads a count out of each answer, as a browser with a login does.
 *
 * Rule: each visit goes out on a connection of its own, so that the session lives in the cookie and not in the
 * connection.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import type { Line } from './line.ts';

export class Visitor {
  /** The first number of the last body; undefined when there was none. */
  count: number | undefined;
  readonly #request: PlannedRequest;
  readonly #line: () => Line;
  readonly #cookies = new Map<string, string>();

  constructor(request: PlannedRequest, line: () => Line) {
    this.#request = request;
    this.#line = line;
  }

  /** One visit. `count` and the cookies are as its answer says. */
  async visit(): Promise<Observation> {
    const line = this.#line();
    await line.opened;
    const raw: Uint8Array[] = [];
    const body: Uint8Array[] = [];
    const asked = {
      tapRaw: (part: Uint8Array) => raw.push(Buffer.from(part)),
      tap: (part: Uint8Array) => body.push(Buffer.from(part)),
    };
    const seen = await line.ask(this.#withCookies(), asked).ended;
    line.destroy();
    if (!seen.complete) return seen;
    const [head = ''] = Buffer.concat(raw)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1);
    for (const [, name = '', value = ''] of head.matchAll(/^set-cookie:[ \t]*([^=;\s]+)=([^;\r\n]*)/gim)) {
      this.#cookies.set(name, value);
    }
    const [number] = /\d+/.exec(Buffer.concat(body).toString('latin1')) ?? [];
    this.count = number === undefined ? undefined : Number(number);
    return seen;
  }

  #withCookies(): PlannedRequest {
    if (this.#cookies.size === 0) return this.#request;
    const own = Object.entries(this.#request.headers).filter(([name]) => name.toLowerCase() !== 'cookie');
    const written = Object.entries(this.#request.headers).find(([name]) => name.toLowerCase() === 'cookie')?.[1];
    const kept = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return {
      ...this.#request,
      headers: {
        ...Object.fromEntries(own),
        Cookie: [...(written === undefined ? [] : [written]), ...kept].join('; '),
      },
    };
  }
}
