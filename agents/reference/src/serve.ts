import path from 'node:path';
import { startServer } from '@langchain/langgraph-api/server';

/** A running LangGraph server with the agent as `reference`. */
export interface Served {
  url: string;
  stop(): Promise<void>;
}

/** Serves the graph the way `langgraph dev` does. The server keeps its threads below `folder`. */
export async function serve(folder: string, port: number): Promise<Served> {
  const graph = path.join(import.meta.dirname, 'graph.ts');
  const { host, cleanup } = await startServer({
    port,
    host: '127.0.0.1',
    nWorkers: 8,
    cwd: folder,
    graphs: { reference: `${graph}:graph` },
  });
  return { url: `http://${host}`, stop: cleanup };
}
