/** Most bytes of a request line and headers that servers take; `DefaultMaxHeaderBytes` of Go's `net/http`. */
export const HEADERS_MAX_BYTES = 1024 * 1024;
