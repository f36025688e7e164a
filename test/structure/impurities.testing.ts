import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import {
  isCallExpression,
  isElementAccessExpression,
  isIdentifier,
  isInterfaceDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
  isStringLiteral,
  isTypeNode,
} from "typescript/unstable/ast/is";
import { importsOf } from "./imports.testing.ts";

/** Something in a file that makes its result depend on more than its arguments. */
export interface Impurity {
  /** Counted from 1. */
  readonly line: number;
  /** As in the source: `Date.now`, `await`, `import "node:fs"`. */
  readonly what: string;
}

/** Globals that are a clock, a timer, randomness, the process, the network or a way to any of them. */
const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  ...["performance", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  ...["crypto", "process", "fetch", "WebSocket", "console", "globalThis", "Promise"],
]);
/** Members of globals that are pure otherwise. */
const IMPURE_MEMBERS: ReadonlySet<string> = new Set(["Date.now", "Math.random", "AbortSignal.timeout"]);

/**
 * Returns what makes a file impure, in the order of the source: imports of `node:` modules, clocks, timers, randomness,
 * `async` code, `import()` and the globals of the process. Comments, strings, types and names of members do not count.
 *
 * A name that the file declares itself, such as a parameter `fetch`, is passed in and does not count either.
 */
export function impurities(file: SourceFile): Impurity[] {
  const found: { at: number; what: string }[] = importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map(({ specifier }) => ({ at: file.text.indexOf(`"${specifier}"`), what: `import "${specifier}"` }));
  const own = declaredNames(file);
  const visit = (node: Node, parent: Node): void => {
    const what = impurity(node, parent, own);
    if (what !== undefined) found.push({ at: node.end, what });
    node.forEachChild((child) => visit(child, node));
  };
  file.forEachChild((child) => visit(child, file));
  return found.sort((a, b) => a.at - b.at).map(({ at, what }) => ({ line: lineAt(file.text, at), what }));
}

function impurity(node: Node, parent: Node, own: ReadonlySet<string>): string | undefined {
  switch (node.kind) {
    case SyntaxKind.AsyncKeyword:
      return "async";
    case SyntaxKind.AwaitKeyword: // for await
    case SyntaxKind.AwaitExpression:
      return "await";
    case SyntaxKind.MetaProperty:
      return "import.meta";
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return "import()";
  if (isIdentifier(node) && isReference(node, parent) && !own.has(node.text)) {
    return IMPURE_GLOBALS.has(node.text) ? node.text : impureUse(node.text, node, parent);
  }
  return undefined;
}

/** `Date.now`, `Math["random"]`, and a `Date` made from the present time. */
function impureUse(name: string, node: Node, parent: Node): string | undefined {
  const member = memberOf(node, parent);
  if (member !== undefined) return IMPURE_MEMBERS.has(`${name}.${member}`) ? `${name}.${member}` : undefined;
  if (name !== "Date") return undefined;
  if (isNewExpression(parent)) return parent.arguments?.length ? undefined : "new Date()";
  return isCallExpression(parent) && parent.expression === node ? "Date()" : undefined;
}

function memberOf(node: Node, parent: Node): string | undefined {
  if (isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text;
  if (!isElementAccessExpression(parent) || parent.expression !== node) return undefined;
  return isStringLiteral(parent.argumentExpression) ? parent.argumentExpression.text : undefined;
}

/** Whether an identifier stands for a value: neither the name of something, nor a part of a type. */
function isReference(node: Node, parent: Node): boolean {
  if (isTypeNode(parent) || parent.kind === SyntaxKind.QualifiedName) return false;
  if (parent.kind === SyntaxKind.ShorthandPropertyAssignment) return true;
  return !isName(node, parent);
}

function isName(node: Node, parent: Node): boolean {
  const { name, propertyName } = parent as { name?: Node; propertyName?: Node };
  return name === node || propertyName === node;
}

/** Names of variables, parameters, functions and imports, wherever in the file. */
function declaredNames(file: SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node, parent: Node): void => {
    if (isTypeNode(node) || isInterfaceDeclaration(node)) return;
    if (isIdentifier(node) && isName(node, parent) && BINDINGS.has(parent.kind)) names.add(node.text);
    node.forEachChild((child) => visit(child, node));
  };
  file.forEachChild((child) => visit(child, file));
  return names;
}

const BINDINGS: ReadonlySet<SyntaxKind> = new Set([
  ...[SyntaxKind.VariableDeclaration, SyntaxKind.Parameter, SyntaxKind.BindingElement],
  ...[SyntaxKind.FunctionDeclaration, SyntaxKind.ClassDeclaration],
  ...[SyntaxKind.ImportClause, SyntaxKind.NamespaceImport, SyntaxKind.ImportSpecifier],
]);

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
