import type { EventDetail } from '@signalbox/event-model';
import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../../client/collector-api.ts';
import { countKnown } from './known-messages.ts';

/**
 * How many of a request's messages its model already had: those it shares with the request before it in the same run.
 * Zero while that is not known.
 */
export function useKnownMessages(api: CollectorApi | null, detail: EventDetail | null): number {
  const [found, setFound] = useState<{ id: string; known: number } | null>(null);
  useEffect(() => {
    if (!api || detail?.content.kind !== 'model_request') return undefined;
    const abort = new AbortController();
    knownBefore(api, detail, abort.signal).then(
      (known) => setFound({ id: detail.id, known }),
      () => undefined,
    );
    return () => abort.abort();
  }, [api, detail]);
  return found && found.id === detail?.id ? found.known : 0;
}

async function knownBefore(api: CollectorApi, detail: EventDetail, signal: AbortSignal): Promise<number> {
  const filter = { run: detail.runId, type: ['model_request'], to: detail.startedAt };
  const asked = detail.model ? { ...filter, model: [detail.model] } : filter;
  const page = await api.events(asked, { order: 'newest', limit: 1 }, signal);
  const row = page.events[0];
  if (!row || detail.content.kind !== 'model_request') return 0;
  const { content } = await api.event(row.id, signal);
  return content.kind === 'model_request' ? countKnown(detail.content.messages, content.messages) : 0;
}
