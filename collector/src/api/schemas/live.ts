import type { EventsFrame, HelloFrame, ResyncFrame } from '@signalbox/event-model';
import { z } from 'zod';
import { eventRow } from './event.ts';
import { model } from './model.ts';

export const helloFrame = model<HelloFrame>()(
  'HelloFrame',
  z.object({ type: z.literal('hello'), cursor: z.string(), serverTime: z.string() }),
);

export const eventsFrame = model<EventsFrame>()(
  'EventsFrame',
  z.object({
    type: z.literal('events'),
    rows: z.array(eventRow),
    cursor: z.string().describe('Position after the last row; reconnect with it to miss nothing.'),
    lagMs: z.number(),
  }),
);

export const resyncFrame = model<ResyncFrame>()(
  'ResyncFrame',
  z.object({
    type: z.literal('resync'),
    cursor: z.string(),
    reason: z.enum(['cursor_expired', 'cursor_invalid', 'too_slow']),
  }),
);
