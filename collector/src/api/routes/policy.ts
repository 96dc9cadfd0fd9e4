import type { Control } from '../control-port.ts';
import { route, type Route } from '../routing/route.ts';
import { policyState } from '../schemas/control.ts';

/** Which policy is in force, and whether its file can be read. */
export function policyRoutes(control: Control): Route[] {
  return [
    route({
      path: '/api/policy',
      id: 'getPolicy',
      tag: 'Control',
      summary: 'Since when the policy in force holds, and what is wrong with its file.',
      access: 'reader',
      answer: policyState,
      handle: () => Promise.resolve(control.policy()),
    }),
  ];
}
