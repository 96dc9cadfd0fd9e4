import type { EventContent } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { TextView } from './PartView.tsx';
import { FoldedSection, Section } from './Section.tsx';

/** What went wrong, its class, and the stack folded away. */
export function ErrorSections({ content }: { content: Extract<EventContent, { kind: 'error' }> }) {
  const { message, errorType, stack } = content;
  return (
    <>
      <Section name={errorType ?? t('section.message', 'Message')}>
        <TextView text={message} />
      </Section>
      {stack ? (
        <FoldedSection name={t('section.stack', 'Stack ({{count}} lines)', { count: stack.split('\n').length })}>
          {() => <TextView text={stack} />}
        </FoldedSection>
      ) : null}
    </>
  );
}
