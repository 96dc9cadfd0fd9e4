import type { EventContent, PlanItem } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { Glyph } from '../../../shared/Glyph.tsx';
import { planGlyph } from '../../../shared/plan-glyph.ts';
import { planStatusLabel } from '../../../shared/plan-labels.ts';
import { getDetailStyles } from './detail-styles.ts';
import { planItemChange } from './plan-look.ts';
import { Section } from './Section.tsx';

/** A plan revision: what changed, why, and the whole plan as it stands. */
export function PlanSections({ content }: { content: Extract<EventContent, { kind: 'plan_update' }> }) {
  const styles = useStyles2(getDetailStyles);
  const { change, items } = content;
  return (
    <>
      <Section name={t('section.changes', 'Changes')}>
        <span className={styles.added}>+{change.added.length}</span>{' '}
        <span className={styles.removed}>−{change.removed.length}</span>{' '}
        <span className={styles.changed}>~{change.changed.length}</span>
      </Section>
      <Section name={t('section.reason', 'Reason')}>{reasonText(content)}</Section>
      <Section name={t('section.plan', 'Plan')}>
        <ul className={styles.plan}>
          {items.map((item) => (
            <PlanLine key={item.id} item={item} change={planItemChange(item.id, change)} />
          ))}
        </ul>
      </Section>
    </>
  );
}

function PlanLine({ item, change }: { item: PlanItem; change: 'added' | 'changed' | null }) {
  const styles = useStyles2(getDetailStyles);
  const words = { added: t('plan.added', 'added'), changed: t('plan.changed', 'changed') };
  return (
    <li>
      <Glyph name={planGlyph(item.status)} size={12} title={planStatusLabel(item.status)} />
      <span>{item.text}</span>
      {change ? <span className={styles[change]}>{words[change]}</span> : null}
    </li>
  );
}

function reasonText(content: Extract<EventContent, { kind: 'plan_update' }>): string {
  if (!content.reason) return t('plan.no-reason', 'Not given');
  if (content.reasonBasis !== 'inferred') return content.reason;
  const values = { reason: content.reason, interpolation: { escapeValue: false } };
  return t('plan.inferred', '{{reason}} (inferred from what came before)', values);
}
