import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { scriptedAnswer, type OllamaMessage } from './scripted-model.ts';

const MODEL = 'qwen3:8b';
const DIGEST = 'f'.repeat(64);
const DETAILS = {
  format: 'gguf',
  family: 'qwen3',
  families: ['qwen3'],
  parameter_size: '8.2B',
  quantization_level: 'Q4_K_M',
};

/** A server that speaks Ollama's public API with a scripted model, for machines without one. */
export interface ScriptedOllama {
  url: string;
  stop(): Promise<void>;
}

/** Starts it on a free port. `thinkMs` is how long each answer takes. */
export async function startScriptedOllama(thinkMs: number): Promise<ScriptedOllama> {
  const server = createServer((request, response) => {
    answer(request, response, thinkMs).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) send(response, 400, { error: text });
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, thinkMs: number): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const model = { name: MODEL, model: MODEL, size: 5_200_000_000, digest: DIGEST, details: DETAILS };
  if (path === '/api/version') return send(response, 200, { version: '0.13.0' });
  if (path === '/api/tags') return send(response, 200, { models: [{ ...model, modified_at: '2026-01-01T00:00:00Z' }] });
  if (path === '/api/ps') {
    const expires = new Date(Date.now() + 300_000).toISOString();
    return send(response, 200, {
      models: [{ ...model, expires_at: expires, size_vram: model.size, context_length: 8192 }],
    });
  }
  if (path === '/api/chat' && request.method === 'POST') return chat(await bodyOf(request), response, thinkMs);
  send(response, 404, { error: 'not found' });
}

interface ChatRequest {
  model?: string;
  messages?: OllamaMessage[];
  stream?: boolean;
}

async function chat({ model, messages = [], stream = true }: ChatRequest, response: ServerResponse, thinkMs: number) {
  if (model === undefined) return send(response, 400, { error: 'model is required' });
  const message = scriptedAnswer(messages);
  const last = {
    model,
    created_at: new Date().toISOString(),
    done: true,
    done_reason: 'stop',
    total_duration: thinkMs * 1_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: Math.ceil(JSON.stringify(messages).length / 4),
    eval_count: Math.ceil(JSON.stringify(message).length / 4),
    eval_duration: thinkMs * 1_000_000,
  };
  await wait(thinkMs);
  if (!stream) return send(response, 200, { ...last, message });
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const line = (value: unknown): void => void response.write(`${JSON.stringify(value)}\n`);
  for (const piece of message.content.match(/.{1,12}/gs) ?? [])
    line({ model, created_at: last.created_at, message: { role: 'assistant', content: piece }, done: false });
  if (message.tool_calls)
    line({ model, created_at: last.created_at, message: { ...message, content: '' }, done: false });
  line({ ...last, message: { role: 'assistant', content: '' } });
  response.end();
}

async function bodyOf(request: IncomingMessage): Promise<ChatRequest> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text) as ChatRequest;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
