import type { Server } from 'node:http';

/** Binds a server; rejects with the listen error, `code` included. */
export function listen(server: Server, at: { host: string; port: number }): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ host: at.host, port: typeof address === 'object' && address !== null ? address.port : at.port });
    });
  });
}

/** Closes a server: connections are closed as they fall idle, and at the deadline whatever they do. */
export function stopServer(server: Server, deadlineMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
    server.on('request', (_request, response) => response.setHeader('connection', 'close'));
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    closeIdleAfterEachAnswer(server);
  });
}

// `close()` ends connections that are idle at that moment; those busy then would linger for the keep-alive time.
function closeIdleAfterEachAnswer(server: Server): void {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  server.once('close', () => clearInterval(sweep));
}
