/** How deep lists and objects may be nested; the limit of Go's decoder. */
export const JSON_DEPTH_MAX = 10_000;
