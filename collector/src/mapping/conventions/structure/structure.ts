import type { Convention } from '../../facts.ts';
import { baseFacts } from '../../reading/span-defaults.ts';

/**
 * Spans nobody else claims: HTTP, databases, the application's own. They give no event, only parentage, session and
 * user to what runs inside them.
 */
export const structure: Convention = {
  name: 'structure',
  claimsSpan: () => true,
  spanFacts: (span) => baseFacts('structure', span),
};
