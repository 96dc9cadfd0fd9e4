import type { Message } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { useState } from 'react';
import { MessageView } from './MessageView.tsx';
import type { PartUrl } from './PartView.tsx';
import { FoldedSection } from './Section.tsx';

interface HistoryProps {
  messages: readonly Message[];
  /** How many of them, from the first on, the request before this one held too. */
  known: number;
  partUrl: PartUrl;
}

/** The conversation so far: what is new in it, and the rest on demand. */
export function History({ messages, known, partUrl }: HistoryProps) {
  const [all, setAll] = useState(false);
  if (messages.length === 0) return null;
  const partly = !all && known > 0;
  const shown = partly ? messages.slice(known) : messages;
  const name =
    partly && shown.length > 0
      ? t('section.history-new', 'New since the request before ({{count}} of {{all}})', {
          count: shown.length,
          all: messages.length,
        })
      : t('section.history', 'History ({{count}})', { count: messages.length });
  return (
    <FoldedSection key={partly ? 'new' : 'all'} name={name} open={all || (partly && shown.length > 0)}>
      {() => (
        <>
          {shown.map((message, index) => (
            <MessageView key={index} message={message} partUrl={partUrl} rendered={false} />
          ))}
          {partly ? (
            <Button size="sm" variant="secondary" fill="text" onClick={() => setAll(true)}>
              {t('section.history-all', 'Show all {{count}} messages', { count: messages.length })}
            </Button>
          ) : null}
        </>
      )}
    </FoldedSection>
  );
}
