import type { Operation } from "../changes/diff.ts";
import type { Chain, Element, Family, KeyPart, NamedSet, Table } from "../words/ruleset.ts";
import { ruleText } from "./rule-text.ts";

/** Number of elements in one command: few enough for a short line, enough that the words around them do not count. */
const ELEMENTS_PER_COMMAND = 500;

/** The operations as nft commands, in their order; elements of one set that follow one another share commands. */
export function commands(operations: readonly Operation[], { family, name }: Table): readonly string[] {
  const table = `${family} ${name}`;
  const lines: string[] = [];
  for (const run of runs(operations)) {
    const [{ verb, object }] = run;
    if (object.object === "element") {
      const elements = run.map((operation) => elementText(operation.object as Element, verb));
      for (let at = 0; at < elements.length; at += ELEMENTS_PER_COMMAND) {
        const some = elements.slice(at, at + ELEMENTS_PER_COMMAND);
        lines.push(`${verb} element ${table} ${object.set} { ${some.join(", ")} }`);
      }
    } else {
      lines.push(...run.flatMap((operation) => commandText(operation, table, family)));
    }
  }
  return lines;
}

/** Makes the table, if it is not there. */
export function addTable({ family, name }: Table): string {
  return `add table ${family} ${name}`;
}

/** Removes the table with everything in it, if it is there. */
export function deleteTable(table: Table): readonly string[] {
  // Deleting what is not there would fail, and this version has no word for "if there".
  return [addTable(table), `delete table ${table.family} ${table.name}`];
}

type Run = readonly [Operation, ...Operation[]];

/** Element operations on the same set and with the same verb, grouped; everything else alone. */
function runs(operations: readonly Operation[]): readonly Run[] {
  const found: [Operation, ...Operation[]][] = [];
  const open = new Map<string, [Operation, ...Operation[]]>();
  for (const operation of operations) {
    const { verb, object } = operation;
    if (object.object !== "element") {
      // Elements around it must not be moved across it.
      open.clear();
      found.push([operation]);
      continue;
    }
    const key = `${verb} ${object.set}`;
    const run = open.get(key);
    if (run !== undefined) {
      run.push(operation);
      continue;
    }
    const started: [Operation] = [operation];
    found.push(started);
    open.set(key, started);
    // A deleted element may be added again: never gather across the change of verb.
    for (const other of open.keys()) if (!other.startsWith(verb)) open.delete(other);
  }
  return found;
}

function commandText({ verb, object }: Operation, table: string, family: Family): readonly string[] {
  if (object.object === "element") throw new Error("elements are written in groups");
  const isMap = object.object === "map" || ("data" in object && object.data !== undefined);
  const kind = isMap ? "map" : object.object;
  switch (verb) {
    case "add":
      return [object.object === "set" ? addSet(object, table, family) : addChain(object, table)];
    case "fill":
      return object.rules.map((rule) => `add rule ${table} ${object.name} ${ruleText(rule, family)}`);
    case "flush":
    case "delete":
      return [`${verb} ${kind} ${table} ${object.name}`];
  }
}

function addChain({ name, hook }: Chain, table: string): string {
  if (hook === undefined) return `add chain ${table} ${name}`;
  const policy = hook.policy === undefined ? "" : ` policy ${hook.policy};`;
  return `add chain ${table} ${name} { type ${hook.type} hook ${hook.hook} priority ${hook.priority};${policy} }`;
}

function addSet(set: NamedSet, table: string, family: Family): string {
  const { name, key, protocol, data, ranges, timeoutSeconds } = set;
  const types = key.includes("slot")
    ? `typeof ${key.map((part) => expression(part, set, family)).join(" . ")}`
    : `type ${key.map((part) => typeName(part, family)).join(" . ")}`;
  const value = data === undefined ? "" : data === "verdict" ? " : verdict" : ` : ${family} daddr . ${protocol} dport`;
  const flags = ranges === true ? " flags interval;" : timeoutSeconds === undefined ? "" : " flags dynamic, timeout;";
  const timeout = timeoutSeconds === undefined ? "" : ` timeout ${timeoutSeconds}s;`;
  return `add ${data === undefined ? "set" : "map"} ${table} ${name} { ${types}${value};${flags}${timeout} }`;
}

/** A number of an endpoint has no type of its own: such maps are declared by expressions. */
function expression(part: KeyPart, { protocol }: NamedSet, family: Family): string {
  const port = `${protocol} dport`;
  const slot = "numgen random mod 2";
  return { address: `${family} daddr`, protocol: "meta l4proto", port, slot, interface: "iifname" }[part];
}

function typeName(part: KeyPart, family: Family): string {
  return {
    address: family === "ip" ? "ipv4_addr" : "ipv6_addr",
    protocol: "inet_proto",
    port: "inet_service",
    slot: "integer",
    interface: "ifname",
  }[part];
}

function elementText({ key, value }: Element, verb: Operation["verb"]): string {
  return value === "" || verb === "delete" ? key : `${key} : ${value}`;
}
