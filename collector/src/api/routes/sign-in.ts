import express, { Router, type Request, type Response } from 'express';
import { isForeign, SESSION_COOKIE } from '../identity.ts';
import { ProblemError } from '../problem.ts';
import { queryOf } from '../routing/read-request.ts';
import type { SignIn, SignInResult } from '../sign-in.ts';
import { signInPage, type SignInNotice } from '../sign-in-page.ts';

/** `GET /sign-in` (page, or the one-use link with `?token=`) and `POST /sign-in` (the password form). */
export function signInRoutes(signIn: SignIn): Router {
  const router = Router();

  router.get('/sign-in', async (request, response) => {
    const token = queryOf(request.url).get('token');
    if (token === null) return page(request, response, signIn, undefined);
    await finish(request, response, { signIn, result: await signIn.byLink(token), wrong: 'used_link' });
  });

  router.post('/sign-in', express.urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    if (isForeign(request)) throw new ProblemError(403, 'foreign_origin', 'The request comes from another site.');
    const password = (request.body as { password?: unknown } | undefined)?.password;
    const result = await signIn.byPassword(typeof password === 'string' ? password : '');
    await finish(request, response, { signIn, result, wrong: 'wrong_password' });
  });

  return router;
}

interface Attempt {
  signIn: SignIn;
  result: SignInResult;
  /** What the page says when the attempt was wrong. */
  wrong: SignInNotice;
}

async function finish(request: Request, response: Response, { signIn, result, wrong }: Attempt): Promise<void> {
  if ('session' in result) {
    response.cookie(SESSION_COOKIE, result.session.token, {
      httpOnly: true,
      sameSite: 'lax',
      secure: request.secure,
      path: '/',
      maxAge: result.session.maxAgeMs,
    });
    response.redirect(303, '/');
    return;
  }
  const notice: SignInNotice = result.refused === 'too_many' ? 'too_many' : wrong;
  response.status(result.refused === 'too_many' ? 429 : 403);
  return page(request, response, signIn, notice);
}

function page(request: Request, response: Response, signIn: SignIn, notice: SignInNotice | undefined): Promise<void> {
  const russian = /^ru\b/i.test(request.get('accept-language') ?? '');
  response.type('html').send(signInPage({ language: russian ? 'ru' : 'en', hasPassword: signIn.hasPassword, notice }));
  return Promise.resolve();
}
