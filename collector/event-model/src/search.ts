/** The words of a search `q`, in lower case; every one of them must occur in an event's text. */
export function searchWords(q: string | undefined): string[] {
  return (q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
