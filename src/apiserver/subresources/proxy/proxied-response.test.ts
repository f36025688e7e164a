import assert from "node:assert/strict";
import { buffer, text } from "node:stream/consumers";
import { test } from "node:test";
import zlib from "node:zlib";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { bytesResponse } from "../../http/response.ts";
import { proxiedResponse } from "./proxied-response.ts";
import { proxiedURL } from "./proxied-url.ts";

const PREFIX = "/api/v1/namespaces/shop/services/quote:80/proxy";
const proxy = { prefix: PREFIX, backend: "10.244.0.5:8080", requestHost: "localhost:8001" };

const urls: readonly (readonly [name: string, url: string, want: string | undefined])[] = [
  ["an absolute path", "/login?x=/y#z", `${PREFIX}/login?x=/y#z`],
  ["the root", "/", `${PREFIX}/`],
  ["a folder", "/a//b/./c/", `${PREFIX}/a/b/c/`],
  ["dots that would lead out of the proxy", "/../../../secrets", `${PREFIX}/secrets`],
  ["a path below the proxy already", `${PREFIX}/login`, `${PREFIX}/login`],
  ["a relative path", "login", "login"],
  ["a query alone", "?x=y", "?x=y"],
  ["the backend's own address", "http://10.244.0.5:8080/login", `${PREFIX}/login`],
  ["the backend's address without a scheme", "//10.244.0.5:8080/login", `${PREFIX}/login`],
  ["the backend's address without a path", "http://10.244.0.5:8080", "http://10.244.0.5:8080"],
  ["the host that the client asked", "http://localhost:8001/login", `http://localhost:8001${PREFIX}/login`],
  ["another host", "https://elsewhere/login", "https://elsewhere/login"],
  ["another port", "http://10.244.0.5:81/login", "http://10.244.0.5:81/login"],
  ["a scheme without a path", "mailto:jane@example.org", "mailto:jane@example.org"],
  ["a percent sign that encodes nothing", "/100%", undefined],
  ["a line break", "/a\nb", undefined],
];

for (const [name, url, want] of urls) {
  test(`proxied URL: ${name}`, () => assert.equal(proxiedURL(url, proxy), want));
}

const PAGE = `<!doctype html><a href="/next">\u00e9\u{d55c}</a>`;
const WANT = `<!doctype html><a href="${PREFIX}/next">\u00e9\u{d55c}</a>`;

const encodings: readonly {
  readonly name: string;
  readonly encoding: string;
  encode(bytes: Buffer): Buffer;
  decode(bytes: Buffer): Buffer;
}[] = [
  { name: "gzip", encoding: "gzip", encode: zlib.gzipSync, decode: zlib.gunzipSync },
  { name: "deflate", encoding: "deflate", encode: zlib.deflateSync, decode: zlib.inflateSync },
  { name: "deflate without a header", encoding: "deflate", encode: zlib.deflateRawSync, decode: zlib.inflateRawSync },
];

for (const { name, encoding, encode, decode } of encodings) {
  test(`proxied response: links in HTML that is compressed with ${name}`, async () => {
    const response = page(encode(Buffer.from(PAGE)), { "content-encoding": encoding });
    const { headers, body } = await proxiedResponse(response, proxy);
    assert.equal(headers["content-encoding"], encoding);
    assert.equal(headers["content-length"], undefined);
    assert.equal(decode(await buffer(body)).toString(), WANT);
  });
}

const responses: readonly { readonly name: string; readonly headers: Record<string, string>; readonly want: string }[] =
  [
    { name: "HTML", headers: {}, want: WANT },
    { name: "another type", headers: { "content-type": "application/json" }, want: PAGE },
    { name: "an encoding that is unknown", headers: { "content-encoding": "br" }, want: PAGE },
    { name: "the page beside a redirect", headers: { location: "/x" }, want: PAGE },
  ];

for (const { name, headers, want } of responses) {
  test(`proxied response: ${name}`, async () => {
    assert.equal(await text((await proxiedResponse(page(Buffer.from(PAGE), headers), proxy)).body), want);
  });
}

test("proxied response: a redirect stays below the proxy, cookies apart, and other origins outside", async () => {
  const response = {
    ...page(Buffer.from(""), { location: "/login", "access-control-allow-origin": "*" }),
    setCookies: ["a=1; Path=/", "b=2"],
  };
  const { headers, setCookies } = await proxiedResponse(response, proxy);
  assert.equal(headers.location, `${PREFIX}/login`);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.deepEqual(setCookies, ["a=1; Path=/", "b=2"]);
});

test("proxied response: a redirect to what is no URL is the backend's fault", async () => {
  await assert.rejects(proxiedResponse(page(Buffer.from(""), { location: "/%zz" }), proxy), {
    reason: "InternalError",
  });
});

test("proxied response: HTML whose compression is broken breaks off", async () => {
  const { body } = await proxiedResponse(page(Buffer.from("no gzip"), { "content-encoding": "gzip" }), proxy);
  await assert.rejects(buffer(body));
});

function page(body: Buffer, headers: Record<string, string>): ApiResponse {
  return bytesResponse(200, "text/html; charset=utf-8", body, headers);
}
