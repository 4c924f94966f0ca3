// A receiver of webhooks as somebody would write it after reading docs/webhooks.md: it checks what it is sent, and keeps
// it. Under `/gone` it wants nothing until it is mended.

import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';

const PATIENCE = 60_000;

export class Receiver {
  url = '';
  /** That of the destination under `/hook`. */
  secret = '';
  mended = false;
  messages = [];
  #arrivals = new EventEmitter();
  #server = createServer((request, response) => this.#take(request, response));

  async open() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The first message that is wanted, once it is there. */
  async told(wanted) {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = this.messages.find(wanted);
      if (found) return found;
      await once(this.#arrivals, 'message', { signal });
    }
  }

  async #take(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const { url: path } = request;
    if (path === '/gone' && !this.mended) {
      response.writeHead(404).end('nobody lives here');
    } else if (path === '/hook' && !this.#isGenuine(request.headers['x-tripline-signature'], body)) {
      response.writeHead(403).end('who are you?');
    } else {
      this.messages.push({ path, ...JSON.parse(body) });
      this.#arrivals.emit('message');
      response.end('thank you');
    }
  }

  #isGenuine(header, body) {
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
    return signature === createHmac('sha256', this.secret).update(`${time}.`).update(body).digest('hex');
  }
}
