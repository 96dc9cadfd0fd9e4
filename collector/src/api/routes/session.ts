import { z } from 'zod';
import { identityOf } from '../guard.ts';
import { cookieOf, SESSION_COOKIE } from '../identity.ts';
import { route, SENT, type Route } from '../routing/route.ts';
import type { SignIn } from '../sign-in.ts';

const whoAmI = z.object({
  user: z.object({ login: z.string(), name: z.string(), role: z.enum(['admin', 'reader']) }),
  csrfToken: z.string().describe('Comes back in X-Signalbox-Csrf with every change.'),
  demo: z.boolean(),
});

/** Who asks, and the way out. */
export function sessionRoutes(signIn: SignIn, demo: boolean): Route[] {
  return [
    route({
      path: '/api/session',
      id: 'whoAmI',
      tag: 'Console',
      summary: 'Who the credential belongs to.',
      access: 'reader',
      answer: whoAmI,
      handle({ request }) {
        const { login, name, role, csrfToken } = identityOf(request);
        return { user: { login, name, role }, csrfToken, demo };
      },
    }),
    route({
      method: 'post',
      path: '/api/session/sign-out',
      id: 'signOut',
      tag: 'Console',
      summary: 'Ends the session of the console.',
      access: 'reader',
      answer: { status: 204, description: 'Signed out.', schema: z.null() },
      async handle({ request, response }) {
        const token = cookieOf(request, SESSION_COOKIE);
        if (token !== undefined) await signIn.end(token);
        response.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).end();
        return SENT;
      },
    }),
  ];
}
