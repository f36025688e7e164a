import assert from "node:assert/strict";
import { test } from "node:test";
import { channelProtocol, decodeMessage, encodeMessage } from "./channel-protocol.ts";

const chosen: { offered: string[]; want: string | undefined }[] = [
  { offered: ["v5.channel.k8s.io"], want: "v5.channel.k8s.io" },
  { offered: ["v4.channel.k8s.io", "v5.channel.k8s.io"], want: "v4.channel.k8s.io" },
  { offered: ["v9.channel.k8s.io", "v4.base64.channel.k8s.io"], want: "v4.base64.channel.k8s.io" },
  { offered: ["soap"], want: undefined },
  { offered: [], want: "" },
];
for (const { offered, want } of chosen) {
  test(`of [${offered}] is taken ${want === "" ? "the one without a name" : want}`, () => {
    assert.equal(channelProtocol(offered)?.name, want);
  });
}

const messages: { name: string; protocol: string; message: Buffer; want: string }[] = [
  { name: "input", protocol: "v5.channel.k8s.io", message: Buffer.from("\u0000ls\n"), want: '0 "ls\\n"' },
  { name: "the end of input", protocol: "v5.channel.k8s.io", message: Buffer.of(255, 0), want: "close 0" },
  { name: "255 is a channel before v5", protocol: "v4.channel.k8s.io", message: Buffer.of(255, 0x61), want: '255 "a"' },
  { name: "an empty message", protocol: "v4.channel.k8s.io", message: Buffer.of(), want: "ignored" },
  { name: "a close of nothing", protocol: "v5.channel.k8s.io", message: Buffer.of(255), want: "ignored" },
  { name: "base64", protocol: "base64.channel.k8s.io", message: Buffer.from("0bHMK"), want: '0 "ls\\n"' },
];
for (const { name, protocol, message, want } of messages) {
  test(`decodeMessage: ${name}`, () => {
    const known = channelProtocol([protocol]);
    assert.ok(known);
    const decoded = decodeMessage(known, message);
    const shown =
      decoded.type === "data"
        ? `${decoded.channel} ${JSON.stringify(decoded.data.toString())}`
        : decoded.type === "close"
          ? `close ${decoded.channel}`
          : "ignored";
    assert.equal(shown, want);
  });
}

test("encodeMessage: binary and text", () => {
  const [binary, base64] = ["v5.channel.k8s.io", "v4.base64.channel.k8s.io"].map((name) => channelProtocol([name]));
  assert.ok(binary && base64);
  assert.deepEqual(encodeMessage(binary, 1, Buffer.from("hi")), Buffer.from("\u0001hi"));
  assert.equal(encodeMessage(base64, 1, Buffer.from("hi")), "1aGk=");
});
