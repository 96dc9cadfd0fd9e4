import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Problem } from '@signalbox/event-model';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported media type',
  422: 'Not acceptable',
  413: 'Too large',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

/** An answer other than success, thrown by a route. Its texts reach the client as they are. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(status: number, code: string, detail: string, hint?: string) {
    super(detail);
    this.name = 'ProblemError';
    this.problem = {
      type: 'about:blank',
      title: TITLES[status] ?? 'Error',
      status,
      code,
      detail,
      ...(hint ? { hint } : {}),
    };
  }
}

/** Sends a problem as RFC 9457 asks. */
export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Answers what no route answered. */
export const notFound: RequestHandler = (request, response) => {
  sendProblem(response, new ProblemError(404, 'not_found', `There is nothing at ${request.path}.`).problem);
};

/** Turns thrown errors into problems; what is not meant for clients is reported and hidden. */
export function problemHandler(report: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof ProblemError) return sendProblem(response, error.problem);
    const status = (error as { status?: number }).status;
    if (status !== undefined && status >= 400 && status < 500) {
      return sendProblem(
        response,
        new ProblemError(status, 'invalid_request', 'The request could not be read.').problem,
      );
    }
    report(error);
    const unavailable = new ProblemError(
      503,
      'database_unavailable',
      'The collector cannot reach its database right now.',
      'Try again in a moment.',
    );
    response.setHeader('Retry-After', '2');
    sendProblem(response, unavailable.problem);
  };
}
