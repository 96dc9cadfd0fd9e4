import type { EventContent } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { getDetailStyles } from './detail-styles.ts';
import { History } from './History.tsx';
import { JsonTree } from './JsonTree.tsx';
import { groupMessages } from './message-groups.ts';
import { MessageView } from './MessageView.tsx';
import { NotCaptured, type PartUrl } from './PartView.tsx';
import { FoldedSection, Section } from './Section.tsx';

type Request = Extract<EventContent, { kind: 'model_request' }>;
type Response = Extract<EventContent, { kind: 'model_response' }>;

/** What a model was asked: parameters, then system, history, the message at hand, and the tools it may use. */
export function RequestSections({ content, partUrl, known }: { content: Request; partUrl: PartUrl; known: number }) {
  const groups = groupMessages(content.messages);
  const parameters = Object.keys(content.parameters).length;
  const provider = content.provider ?? t('section.model', 'Model');
  return (
    <>
      {parameters > 0 ? (
        <Section
          name={t('section.parameters', 'Parameters · {{provider}}', {
            provider,
            interpolation: { escapeValue: false },
          })}
        >
          <JsonTree value={content.parameters} />
        </Section>
      ) : null}
      {content.notCaptured ? <CaptureHint /> : null}
      {groups.system.length > 0 ? (
        <FoldedSection name={t('section.system', 'System')}>
          {() => <Messages messages={groups.system} partUrl={partUrl} />}
        </FoldedSection>
      ) : null}
      <History messages={groups.history} known={known} partUrl={partUrl} />
      {groups.current.length > 0 ? (
        <FoldedSection name={t('section.current', 'Current message')} open>
          {() => <Messages messages={groups.current} partUrl={partUrl} />}
        </FoldedSection>
      ) : null}
      {content.tools.length > 0 ? (
        <FoldedSection name={t('section.tools', 'Tools offered ({{count}})', { count: content.tools.length })}>
          {() => <JsonTree value={Object.fromEntries(content.tools.map((tool) => [tool.name, tool]))} />}
        </FoldedSection>
      ) : null}
    </>
  );
}

/** What a model answered: the text raw or rendered, its thinking, and the tools it wants. */
export function ResponseSections({ content, partUrl }: { content: Response; partUrl: PartUrl }) {
  const styles = useStyles2(getDetailStyles);
  const [rendered, setRendered] = useState(false);
  return (
    <>
      {content.notCaptured ? <CaptureHint /> : null}
      {content.messages.length > 0 ? (
        <div className={styles.section}>
          <RadioButtonGroup
            size="sm"
            aria-label={t('section.view', 'View')}
            options={[
              { value: false, label: t('section.raw', 'As sent') },
              { value: true, label: t('section.rendered', 'Rendered') },
            ]}
            value={rendered}
            onChange={setRendered}
          />
        </div>
      ) : null}
      <Messages messages={content.messages} partUrl={partUrl} rendered={rendered} />
      {content.finishReason ? (
        <Section name={t('section.finish', 'Why it ended')}>{content.finishReason}</Section>
      ) : null}
    </>
  );
}

function Messages({
  messages,
  partUrl,
  rendered = false,
}: {
  messages: Request['messages'];
  partUrl: PartUrl;
  rendered?: boolean;
}) {
  return (
    <>
      {messages.map((message, index) => (
        <MessageView key={index} message={message} partUrl={partUrl} rendered={rendered} />
      ))}
    </>
  );
}

function CaptureHint() {
  const hint = t('part.capture-hint', 'most senders include prompts when {{name}} is set to true', {
    name: 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
    interpolation: { escapeValue: false },
  });
  return (
    <Section name={t('section.messages', 'Messages')}>
      <NotCaptured hint={hint} />
    </Section>
  );
}
