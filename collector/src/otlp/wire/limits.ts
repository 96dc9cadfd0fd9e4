/** Levels of lists and kvlists inside one attribute value; PostgreSQL and JSON.stringify survive far more, recursion here must not. */
export const MAX_VALUE_DEPTH = 32;

/** Values inside one attribute value, lists and kvlists counted with their members. */
export const MAX_VALUE_NODES = 10_000;

/** Entries of one attribute list; instrumentations that flatten conversations reach thousands. */
export const MAX_ATTRIBUTES = 16_384;

/** Stands where a value was nested too deeply to keep. */
export const TOO_DEEP = '[truncated: nested deeper than 32 levels]';

/** Last member of a list or kvlist that had more members than are kept. */
export const TOO_MANY = '[truncated: more than 10000 values]';

/** Attribute that says how many attributes of a list were left out. */
export const DROPPED_ATTRIBUTES_KEY = 'signalbox.truncated_attributes';

/** PostgreSQL's bigint ends here; a later time is a sender's mistake and must not poison a whole insert. */
export const MAX_TIME_NS = 9_223_372_036_854_775_807n;
