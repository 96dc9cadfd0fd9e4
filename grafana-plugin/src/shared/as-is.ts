/** For texts with values in them: they are drawn as text, never as markup, so nothing in them may be escaped. */
export const AS_IS = { interpolation: { escapeValue: false } } as const;
