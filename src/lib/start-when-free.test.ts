import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { createFakeClock, settle } from "./clock.testing.ts";
import { createLogger } from "./log.ts";
import { startTextServer } from "./start-text-server.ts";
import { startWhenFree } from "./start-when-free.ts";

/** Another program on a port of loopback. */
async function takePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async giveBack() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts a server of one page on a port of loopback. */
async function start(port: number) {
  const clock = createFakeClock();
  const lines: string[] = [];
  const server = await startWhenFree({
    server: "kube-proxy /proxyMode",
    start: () => startTextServer(new Map([["/proxyMode", { text: () => "nftables" }]]), { host: "127.0.0.1", port }),
    log: createLogger((line) => void lines.push(line)),
    clock,
  });
  const isAnswered = () =>
    fetch(`http://127.0.0.1:${port}/proxyMode`).then(
      ({ ok }) => ok,
      () => false,
    );
  return { clock, lines, server, isAnswered };
}

test("a taken port is logged once, and used as soon as it is free", async () => {
  const other = await takePort();
  const { clock, lines, server, isAnswered } = await start(other.port);
  await clock.advance(20_000);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? "",
    /error Cannot start a server: trying again server="kube-proxy \/proxyMode" .*EADDRINUSE/,
  );
  await other.giveBack();
  while (!(await isAnswered())) await clock.advance(5_000);
  await server.stop();
  assert.equal(await isAnswered(), false);
});

test("a server whose port never became free can be stopped", async () => {
  const other = await takePort();
  const { clock, server } = await start(other.port);
  await server.stop();
  await settle();
  assert.equal(clock.sleepers, 0);
  await other.giveBack();
});

test("a free port is used at once", async () => {
  const other = await takePort();
  await other.giveBack();
  const { lines, server, isAnswered } = await start(other.port);
  assert.equal(await isAnswered(), true);
  assert.deepEqual(lines, []);
  await server.stop();
});
