import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { freePort } from "@fairlead/lib/free-port.testing";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { LoopbackDoor } from "./loopback-door.ts";
import { DOOR_CONNECTION, DOOR_READY, DOOR_TAKEN, openLoopbackDoor } from "./loopback-door.ts";

/** Answers every connection it is given with its name and what it was sent first. */
const PROGRAM = `
process.on("message", (message, socket) => {
  if (message !== ${JSON.stringify(DOOR_CONNECTION)} || socket === undefined) return;
  process.send(${JSON.stringify(DOOR_TAKEN)});
  socket.on("error", () => {});
  socket.once("data", (bytes) => socket.end(process.argv[2] + " got " + bytes));
});
process.send(${JSON.stringify(DOOR_READY)});
`;

async function open(t: TestContext): Promise<{ readonly door: LoopbackDoor; readonly port: number }> {
  const port = await freePort();
  const door = await openLoopbackDoor(port);
  t.after(() => door.close());
  return { door, port };
}

async function startProgram(t: TestContext, name: string): Promise<ChildProcess> {
  const file = path.join(await temporaryFolder(t), "program.mjs");
  await writeFile(file, PROGRAM);
  const child = fork(file, [name]);
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Sends a word and answers what comes back until the other side closes. */
async function ask(port: number, word: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(word);
  return await text(socket);
}

test("a connection is handed to the program, with the bytes it has sent", async (t) => {
  const { door, port } = await open(t);
  door.attach(await startProgram(t, "first"));
  assert.equal(await ask(port, "hello"), "first got hello");
});

test("connections that come before the program takes them wait for it", async (t) => {
  const { door, port } = await open(t);
  const asked = Array.from({ length: 20 }, (_, i) => ask(port, String(i)));
  door.attach(await startProgram(t, "late"));
  assert.deepEqual(
    await Promise.all(asked),
    asked.map((_, i) => `late got ${i}`),
  );
});

test("connections that come while the program is started again wait for the next one", async (t) => {
  const { door, port } = await open(t);
  const first = await startProgram(t, "first");
  door.attach(first);
  assert.equal(await ask(port, "a"), "first got a");
  first.kill("SIGKILL");
  await once(first, "exit");
  const waiting = ask(port, "b");
  door.attach(await startProgram(t, "second"));
  assert.equal(await waiting, "second got b");
});

test("connections that a program was given and never took go to the next one", async (t) => {
  const { door, port } = await open(t);
  const first = await startProgram(t, "first");
  door.attach(first);
  assert.equal(await ask(port, "a"), "first got a");
  first.kill("SIGSTOP");
  const sockets = ["b", "c", "d"].map((word) => ({ word, socket: connect(port, "127.0.0.1") }));
  for (const { word, socket } of sockets) socket.write(word);
  await Promise.all(sockets.map(({ socket }) => once(socket, "connect")));
  // Accepted in order: when the port has taken this one, it has handed on those before it.
  await once(connect(port, "127.0.0.1").end().resume(), "finish");
  first.kill("SIGKILL");
  await once(first, "exit");
  door.attach(await startProgram(t, "second"));
  const answers = await Promise.all(sockets.map(({ socket }) => text(socket)));
  assert.deepEqual(answers, ["second got b", "second got c", "second got d"]);
});

test("no more than 512 connections wait; further ones are refused", async (t) => {
  const { port } = await open(t);
  const sockets = Array.from({ length: 513 }, () => connect(port, "127.0.0.1"));
  t.after(() => sockets.forEach((socket) => void socket.destroy()));
  for (const socket of sockets) socket.on("error", () => {}).resume();
  const refused = await Promise.race(sockets.map((socket) => once(socket, "close").then(() => socket)));
  assert.equal(sockets.filter((socket) => socket.closed).length, 1);
  assert.ok(sockets.includes(refused));
});

test("a client that gives up while it waits does not disturb others", async (t) => {
  const { door, port } = await open(t);
  const impatient = connect(port, "127.0.0.1");
  await once(impatient, "connect");
  impatient.resetAndDestroy();
  await once(impatient, "close");
  door.attach(await startProgram(t, "first"));
  assert.equal(await ask(port, "hello"), "first got hello");
});

test("closing the door ends those who wait, and frees the port", async (t) => {
  const port = await freePort();
  const door = await openLoopbackDoor(port);
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  // Accepted once a second connection has been, which comes behind it.
  await once(
    connect(port, "127.0.0.1").on("error", () => {}),
    "connect",
  );
  socket.resume();
  door.close();
  if (!socket.closed) await once(socket, "close");
  const again = await openLoopbackDoor(port);
  t.after(() => again.close());
});

test("a connection that a program was given and never took ends with it once the door is closed", async (t) => {
  const { door, port } = await open(t);
  const program = await startProgram(t, "only");
  door.attach(program);
  assert.equal(await ask(port, "a"), "only got a");
  program.kill("SIGSTOP");
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write("b");
  await once(socket, "connect");
  // Accepted in order, as above.
  await once(connect(port, "127.0.0.1").end().resume(), "finish");
  door.close();
  program.kill("SIGKILL");
  await new Promise((resolve) => socket.once("close", resolve).resume());
});

test("a port in use is refused", async (t) => {
  const { port } = await open(t);
  await assert.rejects(openLoopbackDoor(port), { code: "EADDRINUSE" });
});
