import { createServer } from 'node:http';

/** What the first answer of a conversation costs. */
export const FIRST_USAGE = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 64 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

/** What the second and last one costs. */
export const SECOND_USAGE = {
  prompt_tokens: 150,
  completion_tokens: 30,
  total_tokens: 180,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 5 },
};

/** What it says in the end. */
export const ANSWER = 'It is 21 degrees in Lisbon, but the flight could not be booked.';
/** The model there is; every other one is answered with 404. */
export const MODEL = 'scripted-mini';

/**
 * A server that speaks OpenAI's chat completions, on a free port. Where there are tools it first asks for two,
 * then answers. Call ids
 * and response ids are new in every conversation, as real ones are.
 */
export async function startScriptedOpenAi() {
  let answers = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (request.url !== '/v1/chat/completions') return send(response, 404, problem(`no route ${request.url}`));
    const asked = JSON.parse(body);
    if (asked.model !== MODEL) return send(response, 404, problem(`The model ${asked.model} does not exist`));
    const completion = complete(asked, ++answers);
    if (asked.stream) return stream(response, completion);
    send(response, 200, completion);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

function complete({ messages, tools = [] }, number) {
  const told = tools.length === 0 || messages.some(({ role }) => role === 'tool');
  const message = told
    ? { role: 'assistant', content: ANSWER, refusal: null }
    : {
        role: 'assistant',
        content: null,
        refusal: null,
        tool_calls: [
          call(`call_weather_${number}`, 'get_weather', { city: 'Lisbon' }),
          call(`call_flight_${number}`, 'book_flight', { to: 'Lisbon' }),
        ],
      };
  return {
    id: `chatcmpl-${number}`,
    object: 'chat.completion',
    created: 1_790_000_000,
    model: MODEL,
    choices: [{ index: 0, message, logprobs: null, finish_reason: told ? 'stop' : 'tool_calls' }],
    usage: told ? SECOND_USAGE : FIRST_USAGE,
  };
}

function call(id, name, args) {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}

function stream(response, { choices: [{ message, finish_reason }], usage, ...envelope }) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (choices, more = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...envelope, object: 'chat.completion.chunk', choices, usage: null, ...more })}\n\n`,
    );
  const delta = (value, finish = null) => chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finish }]);
  delta({ role: 'assistant', content: message.content === null ? null : '' });
  for (const piece of message.content?.match(/.{1,12}/g) ?? []) delta({ content: piece });
  for (const [index, tool] of (message.tool_calls ?? []).entries()) delta({ tool_calls: [{ index, ...tool }] });
  delta({}, finish_reason);
  chunk([], { usage });
  response.end('data: [DONE]\n\n');
}

function problem(message) {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
