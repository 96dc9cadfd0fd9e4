/** Who is signed in to the console, as `GET /api/session` answers. */
export interface ConsoleSession {
  user: { login: string; name: string; role: string };
  csrfToken: string;
  /** True when the collector plays recorded payloads. */
  demo: boolean;
}

/** What is known about the visitor; `unknown` when the collector could not be asked. */
export type SessionState =
  { kind: 'signed-in'; session: ConsoleSession } | { kind: 'signed-out' } | { kind: 'unknown' };

/** Asks the collector who is signed in. */
export async function readSession(): Promise<SessionState> {
  try {
    const response = await fetch('/api/session', { credentials: 'same-origin' });
    if (response.status === 401) return { kind: 'signed-out' };
    if (!response.ok) return { kind: 'unknown' };
    return { kind: 'signed-in', session: (await response.json()) as ConsoleSession };
  } catch {
    return { kind: 'unknown' };
  }
}

/** Leaves for the sign-in page, which comes back to where the visitor was. */
export function goToSignIn(): void {
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?return=${encodeURIComponent(back)}`);
}

/** Ends the session on the server; a session that is already gone counts as ended. */
export async function signOut(csrfToken: string): Promise<void> {
  await fetch('/api/session/sign-out', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'X-Signalbox-Csrf': csrfToken },
  });
  window.location.assign('/sign-in');
}
