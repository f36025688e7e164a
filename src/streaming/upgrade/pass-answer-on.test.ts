import assert from "node:assert/strict";
import { Duplex, PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { passAnswerOn } from "./pass-answer-on.ts";

const INVALID =
  /^HTTP\/1\.1 500 Internal Server Error\r\n(?!.*[Ll]ocation)[\s\S]*"message":"invalid upgrade response: status code \d+","code":500\}$/s;

const rows: readonly { readonly name: string; readonly status: number; readonly want: RegExp }[] = [
  {
    name: "a refusal is passed on",
    status: 404,
    want: /^HTTP\/1\.1 404 Not Found\r\nContent-Type: text\/x\r\n[\s\S]*body$/,
  },
  { name: "a redirect is not (CVE-2020-8559)", status: 302, want: INVALID },
  { name: "a plain answer is not", status: 200, want: INVALID },
];

for (const { name, status, want } of rows) {
  test(`passAnswerOn: ${name}`, async () => {
    const sent = new PassThrough();
    const socket = Duplex.from({ writable: sent, readable: new PassThrough() });
    const headers = [
      ["Content-Type", "text/x"],
      ["Location", "https://attacker.example/"],
    ] as const;
    await passAnswerOn(
      { upgraded: false, status, headers, body: Buffer.from("body") },
      { socket, head: Buffer.alloc(0) },
    );
    assert.match(await text(sent), want);
  });
}
