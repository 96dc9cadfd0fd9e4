/** Brings an address into the form the proxy routes are composed with; null when it is none. */
export function normalizeCollectorUrl(text: string): string | null {
  const trimmed = text.trim().replace(/\/+$/, '');
  if (!URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.hash === '';
  return plain && url.username === '' ? trimmed : null;
}
