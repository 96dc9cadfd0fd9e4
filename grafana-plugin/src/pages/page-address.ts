/** A page of the app. */
export type PageName = { page: 'feed' } | { page: 'approvals' } | { page: 'approval'; id: string };

/** Reads which page a path names; what is not known is the feed. */
export function readPage(pathname: string): PageName {
  const rest = /\/a\/signalbox-agents-app\/?(.*)$/.exec(pathname)?.[1] ?? '';
  const [name, id] = rest.split('/').filter(Boolean);
  if (name !== 'approvals') return { page: 'feed' };
  return id === undefined ? { page: 'approvals' } : { page: 'approval', id: decode(id) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
