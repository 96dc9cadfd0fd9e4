/**
 * Outlines on a 16 × 16 grid. Rows come and go while scrolling, and Grafana's icons are fetched one by one and drawn a
 * moment later, which flickers; these are there at once.
 */
export const GLYPHS = {
  user: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-3 2.5-4.5 5.5-4.5s5 1.5 5.5 4.5',
  'arrow-right': 'M2 8h11M9 4l4 4-4 4',
  'arrow-left': 'M14 8H3M7 4L3 8l4 4',
  'arrow-up': 'M8 14V3M4 7l4-4 4 4',
  'arrow-down': 'M8 2v11M4 9l4 4 4-4',
  wrench:
    'M10 2.5a3.5 3.5 0 0 0-3.3 4.7L2.5 11.4a1.5 1.5 0 0 0 2.1 2.1l4.2-4.2A3.5 3.5 0 0 0 13.5 6l-2 1.5-1.5-.5-.5-1.5L11 3.5a3.5 3.5 0 0 0-1-1z',
  result: 'M2.5 2.5h11v11h-11zM5 8l2 2 4-4',
  list: 'M6 4h8M6 8h8M6 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  shield: 'M8 1.5l5 2v4c0 3.5-2 5.5-5 7-3-1.5-5-3.5-5-7v-4zM8 5v3.5M8 11h.01',
  alert: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.5M8 11h.01',
  question: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.3a1.8 1.8 0 1 1 2.5 1.8c-.5.2-.8.5-.8 1M8 11.2h.01',
  play: 'M5 3l8 5-8 5z',
  flag: 'M4 14V2.5h8l-2 3 2 3H4',
  message: 'M2 3h12v8H7l-3 3v-3H2z',
  bolt: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  cube: 'M8 1.5l5.5 3v7L8 14.5l-5.5-3v-7zM2.5 4.5L8 8l5.5-3.5M8 8v6.5',
  repeat: 'M3 7a5 5 0 0 1 9-2l1 1M13 3v3h-3M13 9a5 5 0 0 1-9 2l-1-1M3 13v-3h3',
  progress: 'M8 2a6 6 0 1 1-6 6',
  half: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5h4M8 8h6M8 11h4.5',
  check: 'M2.5 8.5l3.5 3.5 7.5-8',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  ban: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4',
  minus: 'M3 8h10',
  lost: 'M8 2a6 6 0 0 1 6 6M8 14a6 6 0 0 1-6-6M2.6 5.5l.6-1M13.4 10.5l-.6 1',
  plus: 'M8 3v10M3 8h10',
  tilde: 'M2.5 9c1.5-3 3.5-3 5.5-1s4 2 5.5-1',
  circle: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10z',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  scissors: 'M4 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.5 5.5L14 12M5.5 10.5L14 4',
  binary: 'M3.5 3.5h3v4h-3zM12.5 8.5h-3v4h3zM11 3.5v4M5 8.5v4',
  'eye-off': 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM3 13L13 3',
} as const;

/** Name of one outline. */
export type GlyphName = keyof typeof GLYPHS;
