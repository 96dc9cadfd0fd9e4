/** Every stable problem code with its HTTP status and what it means. */
export const PROBLEM_CODES = {
  invalid_request: [400, 'A parameter or the body is not as documented; the detail names it.'],
  too_many_points: [400, 'The answer would hold too many points.'],
  not_signed_in: [401, 'There is no credential; 403 where the call came through Grafana.'],
  wrong_key: [403, 'The read key is not the right one.'],
  foreign_origin: [403, 'A browser sent the request for another site.'],
  bad_token: [403, "Grafana's token is not valid."],
  read_only: [403, 'The read key cannot change anything.'],
  no_person: [403, 'The credential shows no person, so it cannot change anything.'],
  csrf: [403, "The session's CSRF token is missing."],
  not_allowed: [403, 'The person may not do this; the hint says who may.'],
  not_found: [404, 'There is nothing with this id.'],
  interrupt_not_pending: [409, 'The approval was settled before; the detail says by whom and when.'],
  changed_since_shown: [409, 'The action or its arguments are not those that were shown.'],
  already_voted: [409, 'The same person agreed already.'],
  run_stopped: [409, 'The run was stopped.'],
  idempotency_key_reused: [409, 'The idempotency key was used for another request.'],
  capability_missing: [409, 'The runtime of the run cannot do this, or there is none.'],
  cannot_extend: [409, 'The end of the approval cannot be put off; the detail says why.'],
  expired: [410, 'The approval expired and counts as rejected.'],
  not_json: [415, 'Changes are sent as application/json.'],
  decision_not_offered: [422, 'The approval does not offer this decision.'],
  not_alike: [422, 'The approvals cannot be decided together; `subject` names the one at fault.'],
  database_unavailable: [503, 'The collector cannot reach its database; try again.'],
  keys_unreachable: [503, "Grafana's signing keys cannot be read; try again."],
} as const satisfies Record<string, readonly [status: number, meaning: string]>;

/** A stable problem code. */
export type ProblemCode = keyof typeof PROBLEM_CODES;

const OF_READERS: readonly ProblemCode[] = ['not_signed_in', 'wrong_key', 'foreign_origin', 'database_unavailable'];
const OF_CHANGES: readonly ProblemCode[] = [
  'bad_token',
  'read_only',
  'no_person',
  'csrf',
  'not_json',
  'keys_unreachable',
];

/** Codes that every route of a kind may answer. */
export function commonProblems(route: { access: string; method: string; isChecked: boolean }): readonly ProblemCode[] {
  return [
    ...(route.isChecked ? (['invalid_request'] as const) : []),
    ...(route.access === 'public' ? [] : OF_READERS),
    ...(route.access === 'admin' ? (['not_allowed'] as const) : []),
    ...(route.method === 'get' ? [] : OF_CHANGES),
  ];
}
