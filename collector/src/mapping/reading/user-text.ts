import { asFields, firstField } from './coerce.ts';
import { readLangChainPrompt } from './lang-chain.ts';
import { messageText, readMessages } from './messages.ts';

const INPUT_FIELDS = ['input', 'question', 'query', 'prompt', 'text', 'user_input', 'topic', 'task', 'request'];

/** What a user says in the input of a run: its last message, or the field such inputs are usually called. */
export function readUserText(input: unknown): string | null {
  if (typeof input === 'string') return input.trim() === '' ? null : input;
  const fields = asFields(input);
  const langChain = readLangChainPrompt(input);
  const messages = langChain.length > 0 ? langChain : readMessages(fields === null ? input : fields['messages']);
  const last = messages.at(-1);
  if (last === undefined) return firstField(fields, INPUT_FIELDS);
  const text = last.role === 'user' ? messageText(last) : '';
  return text.trim() === '' ? null : text;
}
