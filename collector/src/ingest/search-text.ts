import type { DerivedEvent } from '../mapping/derivation.ts';

/**
 * The search text worth storing beside the summary, which is searched too. A prompt's newest text is also the text of
 * the user input or tool result that caused it, so a request keeps none of its own.
 */
export function storedSearchText({ type, summary, searchText }: DerivedEvent): string {
  if (type === 'model_request') return '';
  const shown = summary.endsWith('…') ? summary.slice(0, -1) : summary;
  if (searchText === shown) return '';
  if (!searchText.startsWith(shown)) return searchText;
  // From the last blank on, so that a word the summary cut in two is found whole.
  return searchText.slice(shown.lastIndexOf(' ') + 1);
}
