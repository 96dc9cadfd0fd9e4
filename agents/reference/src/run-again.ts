import { setTimeout as wait } from 'node:timers/promises';

const ASKED = 'Write the price report for the phone.';

/** Starts a run on a thread of its own again and again; the next one comes when the one before has ended. */
export async function runAgain(url: string, everyMs: number): Promise<never> {
  for (;;) {
    const thread = await post<{ thread_id: string }>(`${url}/threads`, {}).catch(() => undefined);
    if (thread) {
      const input = { messages: [{ role: 'user', content: ASKED }] };
      const metadata = { session_id: thread.thread_id };
      await post(`${url}/threads/${thread.thread_id}/runs`, { assistant_id: 'reference', input, metadata }).catch(
        () => undefined,
      );
      while (await isOpen(url, thread.thread_id)) await wait(1000);
    }
    await wait(everyMs);
  }
}

async function isOpen(url: string, threadId: string): Promise<boolean> {
  const open = await Promise.all(
    ['busy', 'interrupted'].map((status) =>
      post<{ thread_id: string }[]>(`${url}/threads/search`, { status, limit: 100 }).catch(() => []),
    ),
  );
  return open.flat().some((thread) => thread.thread_id === threadId);
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
}
