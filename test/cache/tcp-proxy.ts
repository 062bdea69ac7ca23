import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can delay, cut, and lead elsewhere. */
export class TcpProxy {
  /** Added in each direction, milliseconds. */
  latency = 0;
  target: number;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.accept(client));

  /** @param target port on 127.0.0.1 */
  constructor(target: number) {
    this.target = target;
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return address.port;
  }

  /** Ends every connection there is. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private accept(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    this.pipe(client, upstream);
    this.pipe(upstream, client);
  }

  private pipe(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      // Timers of equal delay fire in order, so the bytes stay in theirs.
      if (this.latency === 0) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), this.latency);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
