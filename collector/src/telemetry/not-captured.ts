/** Stands where a text was that this collector was told not to keep. */
export const NOT_KEPT = '[not captured: SIGNALBOX_CONTENT=metadata]';

/** Says so to readers, and how to change it. */
export const NOT_KEPT_HINT = 'This collector keeps no content. Set SIGNALBOX_CONTENT=full to keep it from now on.';
