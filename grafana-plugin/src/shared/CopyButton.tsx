import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';

/** Copies exactly the given text and says that it did. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!outcome) return undefined;
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    copyText(typeof text === 'string' ? text : text()).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  const words = { copied: t('copy.done', 'Copied'), failed: t('copy.failed', 'Could not copy') };
  return (
    <Button size="sm" variant="secondary" fill="outline" icon={outcome === 'copied' ? 'check' : 'copy'} onClick={copy}>
      {outcome ? words[outcome] : label}
    </Button>
  );
}
