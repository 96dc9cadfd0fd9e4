import { Router, type RequestHandler } from 'express';
import { askerOf } from '../asker.ts';
import { bodyOf, jsonBody } from '../body.ts';
import { ProblemError } from '../problem.ts';
import { queryOf, readParams, readQuery } from './read-request.ts';
import { SENT, type Asked, type Route } from './route.ts';

/** Express routes from entries of the table. */
export function mount(routes: readonly Route[]): Router {
  const router = Router();
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const readers = route.body === null ? [] : [jsonBody];
    router[route.method](path, ...readers, handlerOf(route));
  }
  return router;
}

function handlerOf(route: Route): RequestHandler {
  return async (request, response) => {
    if (route.access === 'admin' && askerOf(request).role !== 'Admin')
      throw new ProblemError(403, 'not_allowed', 'Only administrators may do this.');
    const asked = {
      params: readParams(route.params, request.params),
      query: readQuery(route.query, queryOf(request.url)),
      body: route.body === null ? null : bodyOf(request, route.body),
      request,
      response,
    };
    const answer = await route.handle(asked as unknown as Asked<never, never, never>);
    if (answer !== SENT) response.status(route.answer.status).json(answer);
  };
}
