import type { EventContent, EventDetail } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { ApprovalSections, DecisionSections } from './ApprovalSections.tsx';
import { plainPart, stripAnsi } from './ansi.ts';
import { ErrorSections } from './ErrorSections.tsx';
import { JsonTree } from './JsonTree.tsx';
import { RequestSections, ResponseSections } from './ModelSections.tsx';
import { type PartUrl, PartView } from './PartView.tsx';
import { PlanSections } from './PlanSections.tsx';
import { Section } from './Section.tsx';

interface EventSectionsProps {
  detail: EventDetail;
  partUrl: PartUrl;
  /** How many of a request's messages its model already had. */
  known: number;
}

/** The bodies of an event, in the order they are read for its kind. */
export function EventSections({ detail, partUrl, known }: EventSectionsProps) {
  const { content } = detail;
  switch (content.kind) {
    case 'user_input':
      return (
        <Section name={t('section.text', 'Text')}>
          <PartView part={content.text} partUrl={partUrl} />
        </Section>
      );
    case 'model_request':
      return <RequestSections content={content} partUrl={partUrl} known={known} />;
    case 'model_response':
      return <ResponseSections content={content} partUrl={partUrl} />;
    case 'tool_call':
    case 'tool_result':
      return <ToolSections content={content} partUrl={partUrl} />;
    case 'plan_update':
      return <PlanSections content={content} />;
    case 'approval_request':
      return <ApprovalSections content={content} partUrl={partUrl} event={detail} />;
    case 'approval_decision':
      return <DecisionSections content={content} partUrl={partUrl} />;
    case 'error':
      return <ErrorSections content={content} />;
    case 'lifecycle':
      return <LifecycleSections content={content} partUrl={partUrl} />;
    default:
      return (
        <Section name={t('section.fields', 'Fields')}>
          <JsonTree value={'fields' in content ? content.fields : content} />
        </Section>
      );
  }
}

function ToolSections({
  content,
  partUrl,
}: {
  content: Extract<EventContent, { kind: 'tool_call' | 'tool_result' }>;
  partUrl: PartUrl;
}) {
  if (content.kind === 'tool_call') {
    return (
      <>
        {content.description ? (
          <Section name={t('section.description', 'What the tool does')}>{content.description}</Section>
        ) : null}
        <Section name={t('section.arguments', 'Arguments')}>
          <PartView part={content.arguments} partUrl={partUrl} />
        </Section>
      </>
    );
  }
  return (
    <>
      {content.error ? (
        <Section name={t('section.tool-error', 'Error')}>
          <PartView part={{ kind: 'text', text: stripAnsi(content.error) }} partUrl={partUrl} />
        </Section>
      ) : null}
      <Section name={t('section.result', 'Result')}>
        <PartView part={plainPart(content.result)} partUrl={partUrl} />
      </Section>
    </>
  );
}

function LifecycleSections({
  content,
  partUrl,
}: {
  content: Extract<EventContent, { kind: 'lifecycle' }>;
  partUrl: PartUrl;
}) {
  return (
    <>
      {content.input ? (
        <Section name={t('section.input', 'Input')}>
          <PartView part={content.input} partUrl={partUrl} />
        </Section>
      ) : null}
      {content.output ? (
        <Section name={t('section.output', 'Output')}>
          <PartView part={content.output} partUrl={partUrl} />
        </Section>
      ) : null}
    </>
  );
}
