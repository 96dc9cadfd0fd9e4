import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import { useControlScope } from './control-scope.ts';
import type { PlanProposal, ProposalState } from './plan-proposals.ts';
import { getPlanStyles } from './plan-styles.ts';
import { PROPOSAL_GLYPHS, proposalWords } from './plan-words.ts';

const GOOD = new Set<ProposalState>(['accepted', 'done']);
const OPEN = new Set<ProposalState>(['proposed', 'seen', 'reported']);

/** What became of one proposal, with its time and the agent's words; `children` say what was proposed. */
export function ProposalLine({ proposal, children }: { proposal: PlanProposal; children?: ReactNode }) {
  const styles = useStyles2(getPlanStyles);
  const { colors } = useTheme2();
  const { timeZone } = useControlScope();
  const { state, at, problem, late } = proposal;
  const { text: color } = GOOD.has(state) ? colors.success : OPEN.has(state) ? colors.warning : colors.error;
  return (
    <span className={styles.outcome} data-proposal={proposal.change} data-state={state}>
      <Glyph name={PROPOSAL_GLYPHS[state]} color={color} />
      {children}
      <span style={{ color }}>{proposalWords(proposal)}</span>
      <span className={styles.mono}>{formatClock(at, timeZone)}</span>
      {problem === null || problem === '' ? null : <ExactText text={problem} />}
      {late ? (
        <span className={styles.quiet}>{t('task.late', 'The agent has not been reached for a while.')}</span>
      ) : null}
    </span>
  );
}
