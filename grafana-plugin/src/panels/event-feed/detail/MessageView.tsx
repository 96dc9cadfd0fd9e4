import type { Message, MessagePart } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { plainPart } from './ansi.ts';
import { getDetailStyles } from './detail-styles.ts';
import { MarkdownView } from './MarkdownView.tsx';
import { type PartUrl, PartView } from './PartView.tsx';
import { FoldedSection, Section } from './Section.tsx';

/** One message of a conversation. */
export function MessageView({ message, partUrl, rendered }: { message: Message; partUrl: PartUrl; rendered: boolean }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <div className={styles.section}>
      <h4 className={styles.heading}>
        <span className={styles.role}>{roleLabel(message.role)}</span>
        {message.name}
      </h4>
      {message.parts.map((part, index) => (
        <MessagePartView key={index} part={part} partUrl={partUrl} rendered={rendered} />
      ))}
    </div>
  );
}

function MessagePartView({ part, partUrl, rendered }: { part: MessagePart; partUrl: PartUrl; rendered: boolean }) {
  switch (part.kind) {
    case 'content':
      if (rendered && part.content.kind === 'text') return <MarkdownView text={part.content.text} />;
      return <PartView part={part.content} partUrl={partUrl} />;
    case 'reasoning':
      return (
        <FoldedSection name={t('section.thinking', 'Thinking')}>
          {() => <PartView part={part.content} partUrl={partUrl} />}
        </FoldedSection>
      );
    case 'tool_call':
      return (
        <Section
          name={t('section.calls-tool', 'Calls {{tool}}', { tool: part.tool, interpolation: { escapeValue: false } })}
        >
          <PartView part={part.arguments} partUrl={partUrl} />
        </Section>
      );
    case 'tool_result':
      return (
        <Section name={part.tool ?? t('section.result', 'Result')}>
          <PartView part={plainPart(part.result)} partUrl={partUrl} />
        </Section>
      );
  }
}

function roleLabel(role: string): string {
  const labels: Record<string, () => string> = {
    system: () => t('role.system', 'System'),
    user: () => t('role.user', 'User'),
    assistant: () => t('role.assistant', 'Assistant'),
    tool: () => t('role.tool', 'Tool'),
  };
  return labels[role]?.() ?? role;
}
