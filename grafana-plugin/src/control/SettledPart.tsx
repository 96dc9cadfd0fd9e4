import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { formatMoment } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import type { GlyphName } from '../shared/glyphs.ts';
import { ArgsDiff } from './ArgsDiff.tsx';
import { getCardStyles } from './card-styles.ts';
import { Part } from './CardPart.tsx';
import { CommandTrail } from './CommandTrail.tsx';
import { statusWords } from './settled-words.ts';

const LOOKS: Record<string, { glyph: GlyphName; tone: 'success' | 'error' | 'secondary' }> = {
  approved: { glyph: 'check', tone: 'success' },
  rejected: { glyph: 'ban', tone: 'error' },
  expired: { glyph: 'lost', tone: 'error' },
};

/** What was decided, by whom, and how far it came. */
export function SettledPart({ approval, timeZone }: { approval: Approval; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  if (approval.status === 'pending' || approval.status === 'observed') return null;
  const look = LOOKS[approval.status] ?? { glyph: 'minus', tone: 'secondary' };
  const color = look.tone === 'secondary' ? theme.colors.text.secondary : theme.colors[look.tone].text;
  return (
    <section className={styles.part} data-testid="settled" aria-live="polite">
      <div className={styles.step} style={{ fontWeight: theme.typography.fontWeightMedium }}>
        <Glyph name={look.glyph} color={color} size={16} />
        <span>{statusWords(approval)}</span>
        {approval.decidedAt === null ? null : (
          <span className={styles.mono}>{formatMoment(approval.decidedAt, timeZone)}</span>
        )}
      </div>
      {approval.decisionReason === null ? null : (
        <p style={{ margin: 0 }}>
          “<ExactText text={approval.decisionReason} />”
        </p>
      )}
      {approval.decision === 'edit' ? (
        <Part name={t('card.edited', 'Changed arguments')}>
          <ArgsDiff before={approval.args} after={approval.editedArgs} />
        </Part>
      ) : null}
      {approval.command ? <CommandTrail command={approval.command} timeZone={timeZone} /> : null}
    </section>
  );
}
