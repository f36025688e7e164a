import type { Chain, Element, NamedSet, NftObject } from "../words/ruleset.ts";
import type { ObjectChange } from "./ledger.ts";

/** One step of a transaction, in the order in which the kernel has to get them. */
export type Operation =
  /** A chain is only declared: its rules come with `fill`, when everything they name is there. */
  | { readonly verb: "add"; readonly object: NftObject }
  | { readonly verb: "fill"; readonly object: Chain }
  | { readonly verb: "flush"; readonly object: Named }
  | { readonly verb: "delete"; readonly object: Named | Element };

/** What emptying or deleting needs to know of a chain or set. */
export interface Named {
  readonly object: "chain" | "set" | "map";
  readonly name: string;
}

/** The sets and chains that a table was found to hold. */
export interface Survey {
  readonly chains: readonly string[];
  /** Sets whose elements we write. */
  readonly sets: readonly string[];
  readonly maps: readonly string[];
  /** Sets whose elements the kernel adds itself: they are kept unchanged. */
  readonly dynamicSets: readonly string[];
}

/**
 * The fewest operations that make the changes, such that nothing is named before it is there or deleted while it is named.
 *
 * An element cannot be given another value: it is deleted and added, in one transaction, which no packet can see.
 */
export function operationsFor(changes: readonly ObjectChange[]): readonly Operation[] {
  const added = changes.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : []));
  const removed = changes.flatMap(({ before, after }) => (after === undefined && before !== undefined ? [before] : []));
  const replaced = changes.flatMap(({ before, after }) =>
    before !== undefined && after !== undefined ? [{ before, after }] : [],
  );
  return [
    ...add(added.filter(isSet)),
    ...add(added.filter(isChain)),
    ...fill(added.filter(isChain)),
    ...replaced.flatMap(({ after }) => (isChain(after) ? [flush(after), ...fill([after])] : [])),
    ...remove([...removed, ...replaced.map(({ before }) => before)].filter(isElement)),
    ...add([...added, ...replaced.map(({ after }) => after)].filter(isElement)),
    ...removed.filter(isChain).map(flush),
    ...remove(removed.filter(isChain)),
    ...remove(removed.filter(isSet)),
  ];
}

/**
 * The operations that make a table found in the kernel hold `objects` and nothing else, whatever it holds now.
 *
 * As one transaction no packet meets a table that is half done, and clients with session affinity stay where they are.
 */
export function takeOver(found: Survey, objects: readonly NftObject[]): readonly Operation[] {
  const wanted = new Set(objects.filter((object) => !isElement(object)).map((object) => object.name));
  const named = (object: Named["object"], names: readonly string[]) => names.map((name): Named => ({ object, name }));
  const foundChains = named("chain", found.chains);
  const foundSets = [...named("set", found.sets), ...named("map", found.maps)];
  const dynamicSets = named("set", found.dynamicSets);
  const unwanted = (all: readonly Named[]) =>
    all.filter(({ name }) => !wanted.has(name)).map((object): Operation => ({ verb: "delete", object }));
  return [
    ...foundChains.map(flush),
    ...foundSets.map(flush),
    ...operationsFor(objects.map((after) => ({ before: undefined, after }))),
    ...unwanted(foundChains),
    ...unwanted([...foundSets, ...dynamicSets]),
  ];
}

function add(objects: readonly NftObject[]): readonly Operation[] {
  return objects.map((object) => ({ verb: "add", object }));
}

function fill(chains: readonly Chain[]): readonly Operation[] {
  return chains.map((object) => ({ verb: "fill", object }));
}

function flush(object: Named): Operation {
  return { verb: "flush", object };
}

function remove(objects: readonly NftObject[]): readonly Operation[] {
  return objects.map((object) => ({ verb: "delete", object }));
}

const isSet = (object: NftObject): object is NamedSet => object.object === "set";
const isChain = (object: NftObject): object is Chain => object.object === "chain";
const isElement = (object: NftObject): object is Element => object.object === "element";
