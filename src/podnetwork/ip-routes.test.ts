import assert from "node:assert/strict";
import { test } from "node:test";
import { createRouteWriter } from "./ip-routes.ts";
import type { Route } from "./routes.ts";

/** A kernel of unreachable routes, whose routing table is a text, as `readRouteTable` returns it. */
function fakeKernel() {
  const kernel = {
    table: "empty",
    routes: [] as readonly Route[],
    done: [] as string[],
    fails: false,
    /** Somebody deletes the route to it as soon as it is written. */
    loses: "",
    async read() {
      kernel.done.push("read");
      return kernel.routes;
    },
    async write(family: string, commands: readonly string[]) {
      if (kernel.fails) throw new Error("refused");
      kernel.done.push(`${family} ${commands.join(", ")}`);
      kernel.table = `${kernel.table}+`;
      for (const command of commands) {
        const [, verb, , destination = ""] = command.split(" ");
        const others = kernel.routes.filter((route) => route.destination !== destination);
        const isThere = verb === "replace" && destination !== kernel.loses;
        kernel.routes = isThere ? [...others, { destination }] : others;
      }
    },
  };
  return kernel;
}

const [one, two] = ["10.244.1.0/24", "10.244.2.0/24"].map((destination): Route => ({ destination }));
const replaced = ({ destination = "" }: Partial<Route> = {}) => `route replace unreachable ${destination} proto 174`;
const deleted = ({ destination = "" }: Partial<Route> = {}) => `route del unreachable ${destination} proto 174`;

test("the kernel's routes are read once, and again after another program has changed them", async () => {
  const kernel = fakeKernel();
  const writer = createRouteWriter(async () => kernel.table, kernel);
  const apply = async (...wanted: (Route | undefined)[]) => {
    kernel.done.length = 0;
    await writer.apply(
      "ip",
      wanted.flatMap((route) => route ?? []),
    );
    return kernel.done;
  };
  assert.deepEqual(await apply(one), ["read", `ip ${replaced(one)}`]);
  assert.deepEqual(await apply(one, two), [`ip ${replaced(two)}`]);
  assert.deepEqual(await apply(two), [`ip ${deleted(one)}`]);
  assert.deepEqual(await apply(two), ["read"], "after writes the kernel is asked once");
  assert.deepEqual(await apply(two), []);
  kernel.table = "flushed";
  kernel.routes = [];
  assert.deepEqual(await apply(two), ["read", `ip ${replaced(two)}`]);
  kernel.table = "with a pod's route";
  assert.deepEqual(await apply(two), ["read"]);
  assert.deepEqual(await apply(two), []);
});

test("a route that is lost while it is written is written again", async () => {
  const kernel = fakeKernel();
  const writer = createRouteWriter(async () => kernel.table, kernel);
  assert.ok(one && two);
  kernel.loses = two.destination;
  assert.equal(await writer.apply("ip", [one, two]), 2);
  kernel.loses = "";
  assert.equal(await writer.apply("ip", [one, two]), 1);
  assert.deepEqual(kernel.routes, [one, two]);
});

test("each family has its routes, and after a failure the kernel's are read again", async () => {
  const kernel = fakeKernel();
  const writer = createRouteWriter(async () => kernel.table, kernel);
  assert.ok(one);
  assert.equal(await writer.apply("ip6", [one]), 1);
  kernel.routes = [];
  assert.equal(await writer.apply("ip", [one]), 1);
  assert.deepEqual(kernel.done, ["read", `ip6 ${replaced(one)}`, "read", `ip ${replaced(one)}`]);
  kernel.done.length = 0;
  kernel.fails = true;
  await assert.rejects(writer.apply("ip", []), /refused/);
  kernel.fails = false;
  kernel.routes = [one];
  assert.equal(await writer.apply("ip", []), 1);
  assert.deepEqual(kernel.done, ["read", `ip ${deleted(one)}`]);
});
