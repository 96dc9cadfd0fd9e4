import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** Stands in for the part of Grafana that signs: it publishes keys, and makes the tokens its proxy would send. */
export class GrafanaSigner {
  #server: Server | undefined;
  #keys: JWK[] = [];
  #private: CryptoKey | undefined;
  #kid = '';
  issuer = '';
  down = false;

  async start(): Promise<void> {
    await this.rotate('id-1');
    const server = createServer((_request, response) => {
      if (this.down) return void response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.#keys }));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** A new key signs from now on; the old one stays published. */
  async rotate(kid: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    this.#keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
    this.#private = privateKey;
    this.#kid = kid;
  }

  get publicKeys(): readonly JWK[] {
    return this.#keys;
  }

  /** A token as Grafana 12.4 makes it, with what differs. */
  token(
    login: string,
    role: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    if (!this.#private) throw new Error('not started');
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      aud: 'org:1',
      iss: this.issuer,
      sub: `user:${login}`,
      type: 'user',
      username: login,
      name: `${login} of the tests`,
      role,
      namespace: 'default',
      iat: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: this.#kid, typ: 'jwt', ...header })
      .sign(this.#private);
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
