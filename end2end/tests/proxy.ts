import { once } from 'node:events';
import { createServer, request, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';

/** What a proxy does with a WebSocket: passes it on, refuses it, or takes it and says nothing. */
export type Sockets = 'pass' | 'refuse' | 'swallow';

/** Stands between browsers and a server, as in a company's network. */
export class Proxy {
  sockets: Sockets;
  readonly url: string;
  readonly #server: HttpServer;
  readonly #open = new Set<Socket>();

  private constructor(server: HttpServer, sockets: Sockets) {
    this.#server = server;
    this.sockets = sockets;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async before(target: string, sockets: Sockets): Promise<Proxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((incoming, answer) => {
      const { method, url, headers } = incoming;
      const passed = request({ hostname, port, method, path: url, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      incoming.pipe(passed);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const proxy = new Proxy(server, sockets);
    server.on('connection', (socket: Socket) => {
      proxy.#open.add(socket);
      socket.on('close', () => proxy.#open.delete(socket));
    });
    server.on('upgrade', (incoming, socket, head) => {
      socket.on('error', () => socket.destroy());
      if (proxy.sockets === 'refuse') return void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
      if (proxy.sockets === 'swallow') return;
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
      }
      const passed = connect(Number(port), hostname, () => {
        passed.write(`${lines.join('\r\n')}\r\n\r\n`);
        passed.write(head);
        passed.pipe(socket).pipe(passed);
      });
      passed.on('error', () => socket.destroy());
    });
    return proxy;
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
