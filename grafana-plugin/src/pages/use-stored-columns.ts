import { useState } from 'react';
import { type ColumnName, readColumns } from '../panels/event-feed/feed-columns.ts';

const KEY = 'signalbox.feed.columns';

/** The columns of the feed's page, kept in this browser. */
export function useStoredColumns(): [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const [columns, setColumns] = useState(() => readColumns(readStored()));
  const choose = (next: readonly ColumnName[]) => {
    setColumns(next);
    try {
      window.localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Storage may be blocked; the choice then lasts as long as the page.
    }
  };
  return [columns, choose];
}

function readStored(): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(KEY) ?? 'null');
  } catch {
    return null;
  }
}
