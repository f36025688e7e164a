import { exactInteger, isJsonNumber } from "@fairlead/api/codec/json-number";
import { setOwn } from "@fairlead/api/own-property";
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { DecodedBody } from "./body.ts";

/** Most duplicates that are reported; upstream's limit of warnings. */
const DUPLICATES_MAX = 100;
/** Most characters that the texts behind aliases may have together. */
const ALIASED_LENGTH_MAX = 3 * 1024 * 1024;

/**
 * Parses YAML that is not JSON, in time that grows with its size, and names the lines of keys that occur twice.
 *
 * @throws SyntaxError for text that is not YAML, has aliases that multiply its size, or is nested too deep.
 */
export function parseYamlDocument(text: string): DecodedBody {
  const lineCounter = new LineCounter();
  try {
    // The library compares each key with all others to find duplicates, and expands aliases on its own terms.
    const document = parseDocument(text, {
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "error",
      lineCounter,
      intAsBigInt: true,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      // Of its stack overflow the library makes one of its own errors.
      if (error.message.includes("call stack")) throw new RangeError(error.message);
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw new SyntaxError(`yaml: line ${line}, column ${col}: ${error.message}`);
    }
    const reading: Reading = {
      lineCounter,
      anchors: new Map(),
      open: new Set(),
      ...NOTHING_READ,
      duplicates: new Set(),
    };
    const value = document.contents === null ? null : jsonValueOf(document.contents, reading);
    return { value, duplicates: [...reading.duplicates] };
  } catch (error) {
    // The library is recursive.
    if (error instanceof RangeError) throw new SyntaxError("yaml: exceeded max depth of 10000");
    throw error;
  }
}

const NOTHING_READ = { nodes: 0, aliasedNodes: 0, aliasedLength: 0, aliasDepth: 0 } as const;

/** Where the conversion is, and what it has cost. */
interface Reading {
  readonly lineCounter: LineCounter;
  readonly anchors: Map<string, Node>;
  /** The lists and maps that the conversion is inside of. */
  readonly open: Set<Node>;
  readonly duplicates: Set<string>;
  nodes: number;
  aliasedNodes: number;
  aliasedLength: number;
  aliasDepth: number;
}

function jsonValueOf(node: unknown, reading: Reading): unknown {
  count(node, reading);
  if (isAlias(node)) return aliased(node.source, reading);
  if (isScalar(node)) {
    if (node.anchor !== undefined) reading.anchors.set(node.anchor, node);
    return typeof node.value === "bigint" ? exactInteger(node.value) : (node.value ?? null);
  }
  if (!isMap(node) && !isSeq(node)) return null;
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, node);
  reading.open.add(node);
  const value = isSeq(node) ? node.items.map((item) => jsonValueOf(item, reading)) : mapOf(node.items, reading);
  reading.open.delete(node);
  return value;
}

function mapOf(pairs: readonly { readonly key: unknown; readonly value: unknown }[], reading: Reading): object {
  const map: Record<string, unknown> = {};
  for (const { key, value } of pairs) {
    const name = jsonValueOf(key, reading);
    if (typeof name === "object" && name !== null && !isJsonNumber(name))
      throw new SyntaxError("yaml: unsupported map key");
    const text = String(name);
    if (Object.hasOwn(map, text) && reading.duplicates.size < DUPLICATES_MAX)
      reading.duplicates.add(lineOf(key, reading));
    setOwn(map, text, jsonValueOf(value, reading));
  }
  return map;
}

function lineOf(key: unknown, { lineCounter }: Reading): string {
  const start = isScalar(key) || isAlias(key) ? key.range?.[0] : undefined;
  return `line ${lineCounter.linePos(start ?? 0).line}`;
}

function aliased(source: string, reading: Reading): unknown {
  const node = reading.anchors.get(source);
  if (node === undefined) throw new SyntaxError(`yaml: unknown anchor '${source}' referenced`);
  if (reading.open.has(node)) throw new SyntaxError(`yaml: anchor '${source}' value contains itself`);
  reading.aliasDepth++;
  const value = jsonValueOf(node, reading);
  reading.aliasDepth--;
  return value;
}

/** Upstream's rule: the larger a document becomes, the smaller the share that aliases may have in it. */
function count(node: unknown, reading: Reading): void {
  reading.nodes++;
  if (reading.aliasDepth === 0) return;
  reading.aliasedNodes++;
  if (isScalar(node) && typeof node.value === "string") reading.aliasedLength += node.value.length;
  const { nodes, aliasedNodes, aliasedLength } = reading;
  const isTooMany = aliasedNodes > 100 && nodes > 1_000 && aliasedNodes / nodes > allowedShare(nodes);
  if (isTooMany || aliasedLength > ALIASED_LENGTH_MAX) {
    throw new SyntaxError("yaml: document contains excessive aliasing");
  }
}

const [SHARE_FALLS_FROM, SHARE_FALLS_TO] = [400_000, 4_000_000];

function allowedShare(nodes: number): number {
  const fallen = (nodes - SHARE_FALLS_FROM) / (SHARE_FALLS_TO - SHARE_FALLS_FROM);
  return 0.99 - 0.89 * Math.min(Math.max(fallen, 0), 1);
}
