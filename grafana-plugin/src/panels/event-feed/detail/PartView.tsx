import type { ContentPart } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { formatBytes } from '../../../shared/format.ts';
import { Glyph } from '../../../shared/Glyph.tsx';
import { RedactedText } from '../../../shared/RedactedText.tsx';
import { getDetailStyles } from './detail-styles.ts';
import { JsonTree } from './JsonTree.tsx';

/** Address of a body that is too big to be sent along; null where none can be had. */
export type PartUrl = (part: string) => string | null;

/** One piece of content, or in words why it is not there. */
export function PartView({ part, partUrl }: { part: ContentPart; partUrl: PartUrl }) {
  switch (part.kind) {
    case 'text':
      return <TextView text={part.text} />;
    case 'json':
      return <JsonTree value={part.value} />;
    case 'not_captured':
      return <NotCaptured hint={part.hint} />;
    case 'truncated':
      return <Truncated part={part} partUrl={partUrl} />;
    case 'binary':
      return <Binary mediaType={part.mediaType} bytes={part.bytes} />;
  }
}

/** Laying out much more text at once makes the page stutter. */
const SHOWN_CHARACTERS = 100_000;

/** Text exactly as it is, in a box of its own. */
export function TextView({ text }: { text: string }) {
  const styles = useStyles2(getDetailStyles);
  const [all, setAll] = useState(false);
  const long = text.length > SHOWN_CHARACTERS;
  if (text === '') return <span className={styles.quiet}>{t('part.empty', 'An empty text')}</span>;
  return (
    <>
      <pre className={styles.text} tabIndex={0}>
        <RedactedText text={long && !all ? text.slice(0, SHOWN_CHARACTERS) : text} />
      </pre>
      {long && !all ? (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setAll(true)}>
          {t('part.show-all', 'Show all {{size}}', { size: formatBytes(text.length) })}
        </Button>
      ) : null}
    </>
  );
}

/** The sender left the content out. */
export function NotCaptured({ hint }: { hint: string | null }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <span className={styles.marker} data-marker="not-captured">
      <Glyph name="eye-off" size={13} />
      <span>
        {t('part.not-captured', 'Not captured by the sender')}
        {hint ? ` · ${hint}` : ''}
      </span>
    </span>
  );
}

function Truncated({ part, partUrl }: { part: Extract<ContentPart, { kind: 'truncated' }>; partUrl: PartUrl }) {
  const styles = useStyles2(getDetailStyles);
  const url = part.part === null ? null : partUrl(part.part);
  const sizes = { shown: formatBytes(part.text.length), all: formatBytes(part.bytes) };
  return (
    <>
      <TextView text={part.text} />
      <span className={styles.marker} data-marker="truncated">
        <Glyph name="scissors" size={13} />
        {t('part.truncated', 'Truncated: {{shown}} of {{all}}', sizes)}
        {url ? (
          <a href={url} target="_blank" rel="noopener noreferrer" className={styles.link}>
            {t('part.open-all', 'Open all of it')}
          </a>
        ) : null}
      </span>
    </>
  );
}

function Binary({ mediaType, bytes }: { mediaType: string; bytes: number }) {
  const styles = useStyles2(getDetailStyles);
  const values = { mediaType, size: formatBytes(bytes), interpolation: { escapeValue: false } };
  return (
    <span className={styles.marker} data-marker="binary">
      <Glyph name="binary" size={13} />
      {t('part.binary', 'Binary, {{mediaType}}, {{size}}', values)}
    </span>
  );
}
