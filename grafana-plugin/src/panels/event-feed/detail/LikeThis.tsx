import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { type FilterChoice, type Hidden, hideLike, LIKE_FIELDS, likeValue, onlyLike } from '../filter-choice.ts';
import { likeFieldLabel, likeValueLabel } from '../like-labels.ts';
import { FoldedSection } from './Section.tsx';
import { getDetailStyles } from './detail-styles.ts';

interface LikeThisProps {
  event: EventRow;
  filter: FilterChoice;
  onFilter: (filter: FilterChoice) => void;
}

/** Narrows the feed to events like this one, or takes them out of sight. */
export function LikeThis({ event, filter, onFilter }: LikeThisProps) {
  const styles = useStyles2(getDetailStyles);
  const fields = LIKE_FIELDS.flatMap((field): Hidden[] => {
    const value = likeValue(event, field);
    return value === null ? [] : [{ field, value }];
  });
  return (
    <div data-testid="like-this">
      <FoldedSection name={t('like.title', 'Events like this')}>
        {() => (
          <dl className={styles.facts}>
            {fields.map((like) => (
              <LikeLine key={like.field} like={like} filter={filter} onFilter={onFilter} />
            ))}
          </dl>
        )}
      </FoldedSection>
    </div>
  );
}

function LikeLine({ like, filter, onFilter }: Omit<LikeThisProps, 'event'> & { like: Hidden }) {
  const styles = useStyles2(getDetailStyles);
  const name = likeFieldLabel(like.field);
  const value = likeValueLabel(like);
  const which = `${name}: ${value}`;
  const only = t('like.only', 'only these');
  const hide = t('like.hide', 'hide these');
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {value}{' '}
        <button
          type="button"
          className={styles.link}
          aria-label={`${only} · ${which}`}
          onClick={() => onFilter(onlyLike(filter, like))}
        >
          {only}
        </button>
        {' · '}
        <button
          type="button"
          className={styles.link}
          aria-label={`${hide} · ${which}`}
          onClick={() => onFilter(hideLike(filter, like))}
        >
          {hide}
        </button>
      </dd>
    </>
  );
}
