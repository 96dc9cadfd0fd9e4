import { ChatOllama } from '@langchain/ollama';

/** A model on the Ollama of `OLLAMA_HOST`. */
export function createModel(): ChatOllama {
  return new ChatOllama({
    baseUrl: process.env['OLLAMA_HOST'] ?? 'http://127.0.0.1:11434',
    model: process.env['OLLAMA_MODEL'] ?? 'qwen3:8b',
    temperature: 0,
  });
}
