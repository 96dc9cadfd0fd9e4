import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ProblemCode } from './problem-codes.ts';

/**
 * Who may call a route. `reader`: any credential; `decider`: a person whom the policy lets do it; `admin`: a person
 * with the role Admin.
 */
export type Access = 'public' | 'reader' | 'decider' | 'admin';

/** What a handler returns that has answered by itself. */
export interface Sent {
  readonly sent: true;
}

/** See {@link Sent}. */
export const SENT: Sent = { sent: true };

/** A checked request. */
export interface Asked<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  request: Request;
  response: Response;
}

/** What a route answers when all is well. */
export interface RouteAnswer<Schema extends z.ZodType = z.ZodType> {
  status: number;
  description: string;
  schema: Schema;
  /** `application/json` when left out. */
  mediaType?: string;
  /** Other media types the route answers with on request. */
  otherTypes?: readonly string[];
}

/** One entry of the route table: what is served, to whom, and how it is described. */
export interface Route {
  method: 'get' | 'post';
  /** With parameters in braces: `/api/runs/{id}`. */
  path: string;
  /** Unique name, for generated clients. */
  id: string;
  tag: string;
  summary: string;
  access: Access;
  params: z.ZodObject;
  query: z.ZodObject;
  /** Prefix of query parameters whose names the caller chooses, and what they mean. */
  openQuery?: { prefix: string; description: string };
  body: z.ZodType | null;
  answer: RouteAnswer;
  problems: readonly ProblemCode[];
  handle: (asked: Asked<never, never, never>) => unknown;
}

interface Definition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> extends Omit<Route, 'method' | 'params' | 'query' | 'body' | 'answer' | 'problems' | 'handle'> {
  method?: Route['method'];
  params?: Params;
  query?: Query;
  body?: Body;
  answer: Answer | RouteAnswer<Answer>;
  problems?: readonly ProblemCode[];
  handle: (
    asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<z.output<Answer> | Sent> | z.output<Answer> | Sent;
}

const NOTHING = z.object({});

/** An entry of the route table; the handler gets what the schemas made of the request. */
export function route<
  Params extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodNull,
  Answer extends z.ZodType = z.ZodType,
>(definition: Definition<Params, Query, Body, Answer>): Route {
  const { method = 'get', params, query, body, answer, problems = [], handle, ...rest } = definition;
  return {
    ...rest,
    method,
    params: params ?? NOTHING,
    query: query ?? NOTHING,
    body: body ?? null,
    answer: 'schema' in answer ? answer : { status: 200, description: 'The answer.', schema: answer },
    problems,
    handle: handle,
  };
}
