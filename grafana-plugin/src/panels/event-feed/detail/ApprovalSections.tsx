import type { EventContent } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { type PartUrl, PartView } from './PartView.tsx';
import { EventApproval } from '../../../control/EventApproval.tsx';
import { Section } from './Section.tsx';

/** What an agent asks a person for, as telemetry shows it, and the answer where one can be given. */
export function ApprovalSections({
  content,
  partUrl,
  event,
}: {
  content: Extract<EventContent, { kind: 'approval_request' }>;
  partUrl: PartUrl;
  event: { id: string; runId: string };
}) {
  const { approval } = content;
  return (
    <EventApproval eventId={event.id} runId={event.runId}>
      <Section name={approval.question ?? t('section.action', 'Action')}>
        <PartView part={{ kind: 'text', text: approval.action }} partUrl={partUrl} />
      </Section>
      <Section name={t('section.arguments', 'Arguments')}>
        <PartView part={approval.arguments} partUrl={partUrl} />
      </Section>
      {approval.allowedDecisions.length > 0 ? (
        <Section name={t('section.allowed', 'Possible answers')}>{approval.allowedDecisions.join(', ')}</Section>
      ) : null}
    </EventApproval>
  );
}

/** How it was answered. */
export function DecisionSections({
  content,
  partUrl,
}: {
  content: Extract<EventContent, { kind: 'approval_decision' }>;
  partUrl: PartUrl;
}) {
  return (
    <>
      <Section name={t('section.decision', 'Decision')}>
        {decisionWord(content.decision)} · {deciderWord(content.by)}
      </Section>
      {content.action ? (
        <Section name={t('section.action', 'Action')}>
          <PartView part={{ kind: 'text', text: content.action }} partUrl={partUrl} />
        </Section>
      ) : null}
      {content.answer ? (
        <Section name={t('section.answer', 'Answer')}>
          <PartView part={content.answer} partUrl={partUrl} />
        </Section>
      ) : null}
    </>
  );
}

function decisionWord(decision: Extract<EventContent, { kind: 'approval_decision' }>['decision']): string {
  const words = {
    approve: () => t('decision.approve', 'Approved'),
    reject: () => t('decision.reject', 'Rejected'),
    edit: () => t('decision.edit', 'Changed and approved'),
    respond: () => t('decision.respond', 'Answered'),
    unknown: () => t('decision.unknown', 'The telemetry does not say'),
  };
  return words[decision]();
}

function deciderWord(by: Extract<EventContent, { kind: 'approval_decision' }>['by']): string {
  const words = {
    human: () => t('decision.by-human', 'by a person'),
    automatic: () => t('decision.by-automatic', 'automatically'),
    unknown: () => t('decision.by-unknown', 'by whom is not known'),
  };
  return words[by]();
}
