/** A message of Ollama's chat API. */
export interface OllamaMessage {
  role: string;
  content: string;
  tool_calls?: { function: { name: string; arguments: Record<string, unknown> } }[];
}

interface PlanTask {
  id: string;
  text: string;
  status: string;
}

const FIRST_PLAN: [string, string][] = [
  ['1', 'find the prices'],
  ['2', 'fetch the live offer'],
  ['3', 'publish the report and delete the drafts'],
];

/** What the model would say: the same every time, so that a run can be told beforehand. */
export function scriptedAnswer(messages: readonly OllamaMessage[]): OllamaMessage {
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  const asked = read(messages.at(-1)?.content ?? '');
  if (system.includes('planner')) return plan(asked as { plan?: PlanTask[]; trouble?: string });
  if (system.includes('coder')) return work(String((asked as { task?: unknown }).task ?? ''));
  return { role: 'assistant', content: verdict(asked as { outcomes?: { ok: boolean; text: string }[] }) };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { task: text };
  }
}

function plan({ plan: known = [], trouble = '' }: { plan?: PlanTask[]; trouble?: string }): OllamaMessage {
  const fresh = FIRST_PLAN.filter(([id]) => !known.some((task) => task.id === id)).map(([id, text]) => ({
    id,
    text,
    status: 'pending',
  }));
  const again = trouble === '' ? [] : [{ id: '2b', text: 'fetch the offer from the copy', status: 'pending' }];
  const before = known.filter(({ id }) => id !== '3');
  const after = known.filter(({ id }) => id === '3');
  const reason = trouble === '' ? 'these steps lead to the report' : `${trouble}, so the copy has to do`;
  return call('write_todos', { todos: [...before, ...again, ...after, ...fresh], reason });
}

function work(task: string): OllamaMessage {
  if (/prices/.test(task)) return call('search_prices', { product: 'phone' });
  if (/live/.test(task)) return call('fetch_page', { url: 'https://live.shop.example/phone' });
  if (/copy/.test(task)) return call('fetch_page', { url: 'https://copy.shop.example/phone' });
  if (/publish/.test(task)) {
    return {
      role: 'assistant',
      content: '',
      tool_calls: [
        { function: { name: 'publish_report', arguments: { path: 'reports/phone.md', audience: 'customers' } } },
        { function: { name: 'delete_drafts', arguments: { folder: 'drafts/phone' } } },
      ],
    };
  }
  return call('take_note', { text: task });
}

function verdict({ outcomes = [] }: { outcomes?: { ok: boolean; text: string }[] }): string {
  const failed = outcomes.find(({ ok }) => !ok);
  return failed ? `It did not work: ${failed.text}.` : `Done: ${outcomes.map(({ text }) => text).join('; ')}.`;
}

function call(name: string, args: Record<string, unknown>): OllamaMessage {
  return { role: 'assistant', content: '', tool_calls: [{ function: { name, arguments: args } }] };
}
