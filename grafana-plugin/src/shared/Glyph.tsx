import { GLYPHS, type GlyphName } from './glyphs.ts';

interface GlyphProps {
  name: GlyphName;
  /** Read out and shown on hover; without it the glyph is decoration beside a word. */
  title?: string;
  className?: string;
  color?: string;
  size?: number;
}

/** A small outline in the colour of its text. */
export function Glyph({ name, title, className, color, size = 14 }: GlyphProps) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flexShrink: 0, color }}
      {...(title ? { role: 'img', 'aria-label': title } : { 'aria-hidden': true })}
    >
      {title ? <title>{title}</title> : null}
      <path d={GLYPHS[name]} />
    </svg>
  );
}
