import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket } from 'node:net';

/** A line to a server that takes as many bytes as it is told to, and loses what comes behind them. */
export class Line {
  readonly url: string;
  readonly #server: NetServer;
  readonly #open = new Set<Socket>();
  readonly #events = new EventEmitter();
  #left = Number.POSITIVE_INFINITY;

  private constructor(server: NetServer) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async to(target: string): Promise<Line> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const line = new Line(server);
    server.on('connection', (client: Socket) => line.#carry(client, connect(Number(port), hostname)));
    return line;
  }

  /** From now on it takes so many bytes more to the server. */
  allow(bytes: number): void {
    this.#left = bytes;
  }

  /** Resolves when it has taken all that it takes. */
  async stuck(): Promise<void> {
    if (this.#left > 0) await once(this.#events, 'stuck');
  }

  /** New connections lose nothing; those that have stay as they are. */
  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #carry(client: Socket, server: Socket): void {
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.#open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
    server.pipe(client);
    let isBroken = false;
    client.on('data', (chunk: Buffer) => {
      if (isBroken) return;
      const passed = chunk.subarray(0, this.#left);
      this.#left -= passed.length;
      if (passed.length > 0 && !server.write(passed)) {
        client.pause();
        server.once('drain', () => client.resume());
      }
      if (this.#left > 0) return;
      isBroken = true;
      this.#events.emit('stuck');
    });
  }
}
