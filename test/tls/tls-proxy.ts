import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { Certificates } from './certificates';

/** Speaks TLS to the outside, asks for a certificate of the authority, and passes everything on to a plain port on this machine. */
export class TlsProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start({ ca, server: { cert, key } }: Certificates, targetPort: number): Promise<TlsProxy> {
    const options = {
      ca: readFileSync(ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    };
    const proxy: { current: TlsProxy | null } = { current: null };
    const server = createServer(options, (secure) => {
      const plain = connect(targetPort, '127.0.0.1');
      for (const socket of [secure, plain]) proxy.current?.sockets.add(socket);
      secure.pipe(plain).pipe(secure);
      secure.on('error', () => plain.destroy()).on('close', () => plain.destroy());
      plain.on('error', () => secure.destroy()).on('close', () => secure.destroy());
    });
    server.on('tlsClientError', () => undefined); // who shows no good certificate gets no further
    proxy.current = new TlsProxy(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy.current;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
