/** Everything the collector is told, validated. */
export interface Config {
  dataDir: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** First part of every name on the Redis bus. */
  busPrefix: string;
  /** Seconds after which what a collector took from agents on the bus and never handled is taken over. */
  busClaimSeconds: number;
  host: string;
  grpcPort: number;
  httpPort: number;
  apiPort: number;
  ingestKeys: { name: string; key: string }[];
  readKey: string | undefined;
  proxySecret: string | undefined;
  adminPassword: string | undefined;
  grafana: { issuer: string; keysUrl: string; org: number } | undefined;
  ollamaHost: string;
  /** Port of the Ollama gateway; undefined when there is none. */
  ollamaGatewayPort: number | undefined;
  publicUrl: string | undefined;
  webhook: { url: string; secret: string } | undefined;
  policyFile: string | undefined;
  /** Addresses of LangGraph servers to steer. */
  langgraphUrls: readonly string[];
  /** Agents with an AG-UI endpoint, which people can start runs of. */
  aguiAgents: readonly { name: string; url: string }[];
  /** Seconds such an agent may say nothing in the middle of a run. */
  aguiIdleSeconds: number;
  retentionDays: number | undefined;
  /** Whether what was said is stored, or only that it was said. */
  content: 'full' | 'metadata';
  /** File of redaction rules of one's own. */
  redactionFile: string | undefined;
  /** Seconds a run may be silent before it counts as lost. */
  runLeaseSeconds: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}
