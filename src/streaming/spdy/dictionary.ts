/** Names and values that header blocks begin with in the dictionary, each behind its 32-bit length (SPDY/3 2.6.10.1). */
const entries = [
  ..."options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age".split(
    " ",
  ),
  ..."allow authorization cache-control connection content-base content-encoding content-language content-length".split(
    " ",
  ),
  ..."content-location content-md5 content-range content-type date etag expect expires from host if-match".split(" "),
  ..."if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma".split(
    " ",
  ),
  ..."proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding".split(" "),
  ..."upgrade user-agent vary via warning www-authenticate method get status".split(" "),
  ..."200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin".split("|"),
];

/** What follows them, without lengths. */
const tail = [
  "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505",
  "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized",
  "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable",
  "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT",
  "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,",
  "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.",
].join("");

/** The dictionary both sides start header compression from. */
export const headerDictionary: Uint8Array = build();

/** Adler-32 of {@link headerDictionary}, which a zlib stream that uses it names in its first bytes. */
export const headerDictionaryId = 0xe3c6a7c2;

function build(): Uint8Array {
  const text = new TextEncoder();
  const withLengths = entries.flatMap((entry) => [0, 0, 0, entry.length, ...text.encode(entry)]);
  return Uint8Array.from([...withLengths, ...text.encode(tail)]);
}
