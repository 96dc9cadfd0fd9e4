import type { EventRow } from '@signalbox/event-model';
import { useStyles2 } from '@grafana/ui';
import { RedactedText } from '../../shared/RedactedText.tsx';
import { getGridStyles } from './grid-styles.ts';
import { splitHits } from './search-hits.ts';

const CODE_TYPES = new Set(['tool_call', 'command']);

/** The one line that says what happened, with search hits marked. */
export function RowContent({ row, search }: { row: EventRow; search: string }) {
  const styles = useStyles2(getGridStyles);
  const pieces = splitHits(row.summary, search);
  return (
    <span className={CODE_TYPES.has(row.type) ? styles.code : undefined} title={row.summary}>
      {pieces.map((piece, index) =>
        piece.hit ? <mark key={index}>{piece.text}</mark> : <RedactedText key={index} text={piece.text} />,
      )}
    </span>
  );
}
