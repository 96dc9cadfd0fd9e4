import type { EventFilter } from '@signalbox/event-model';
import { useEffect } from 'react';
import type { ControlHub } from '../client/control-hub.ts';
import type { FeedHub } from '../client/feed-hub.ts';

const APPROVALS: EventFilter = { type: ['approval_request', 'approval_decision'] };

/** Reads approvals again as soon as the event stream tells of one, instead of at the next turn. */
export function useApprovalEvents(feeds: FeedHub, control: ControlHub): void {
  useEffect(() => {
    const { feed, release } = feeds.lease(APPROVALS, { pageSize: 50 });
    let known = feed.getSnapshot().rows;
    const unsubscribe = feed.subscribe(() => {
      const { rows } = feed.getSnapshot();
      if (rows !== known) control.refresh();
      known = rows;
    });
    return () => {
      unsubscribe();
      release();
    };
  }, [feeds, control]);
}
