import { randomBytes } from 'node:crypto';

type Attribute = { key: string; value: { stringValue: string } };

const text = (key: string, stringValue: string): Attribute => ({ key, value: { stringValue } });

/** The spans of one agent run, as an agent would send them. */
export class AgentRun {
  readonly traceId = randomBytes(16).toString('hex');
  readonly #agent = randomBytes(8).toString('hex');
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** A model call with this prompt and answer. */
  async modelCall(prompt: string, answer: string): Promise<void> {
    await this.#send('chat qwen3', this.#agent, [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.request.model', 'qwen3'),
      text('gen_ai.input.messages', JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: prompt }] }])),
      text(
        'gen_ai.output.messages',
        JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: answer }] }]),
      ),
    ]);
  }

  /** A tool call that has ended. */
  async toolCall(name: string, args: unknown, result: string): Promise<void> {
    await this.#send(`execute_tool ${name}`, this.#agent, [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', name),
      text('gen_ai.tool.call.id', `call_${randomBytes(4).toString('hex')}`),
      text('gen_ai.tool.call.arguments', JSON.stringify(args)),
      text('gen_ai.tool.call.result', result),
    ]);
  }

  /** The agent's own span, which ends the run. */
  async end(): Promise<void> {
    const attributes = [text('gen_ai.operation.name', 'invoke_agent'), text('gen_ai.agent.name', 'shopper')];
    await this.#send('invoke_agent shopper', '', attributes, this.#agent);
  }

  async #send(name: string, parentSpanId: string, attributes: Attribute[], spanId = randomBytes(8).toString('hex')) {
    const end = BigInt(Date.now()) * 1_000_000n;
    const span = {
      traceId: this.traceId,
      spanId,
      parentSpanId,
      name,
      startTimeUnixNano: String(end - 40_000_000n),
      endTimeUnixNano: String(end),
      attributes,
    };
    const answer = await fetch(`${this.#endpoint}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  }
}
