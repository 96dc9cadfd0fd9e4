import { Router } from 'express';
import { identityOf } from '../guard.ts';
import { cookieOf, SESSION_COOKIE } from '../identity.ts';
import type { SignIn } from '../sign-in.ts';

/** `GET /api/session` (who am I) and `POST /api/session/sign-out`. */
export function sessionRoutes(signIn: SignIn, demo: boolean): Router {
  const router = Router();

  router.get('/session', (request, response) => {
    const { login, name, role, csrfToken } = identityOf(request);
    response.json({ user: { login, name, role }, csrfToken, demo });
  });

  router.post('/session/sign-out', async (request, response) => {
    const token = cookieOf(request, SESSION_COOKIE);
    if (token !== undefined) await signIn.end(token);
    response.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).end();
  });

  return router;
}
