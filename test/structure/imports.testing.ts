import {
  type ExportDeclaration,
  type ImportDeclaration,
  type Node,
  type SourceFile,
  SyntaxKind,
} from "typescript/unstable/ast";
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isNamedExports,
  isNamedImports,
  isStringLiteral,
} from "typescript/unstable/ast/is";

/** One `import ... from` or `export ... from`. */
export interface Import {
  /** As written: `./plan.ts`, `node:path`. */
  readonly specifier: string;
  /** Whether it disappears when the types are stripped. */
  readonly isTypeOnly: boolean;
}

/** Returns the static imports of a file, in order. Calls of `import()` are no part of them. */
export function importsOf(file: SourceFile): Import[] {
  return file.statements.flatMap((statement) => {
    if (!isImportDeclaration(statement) && !isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !isStringLiteral(moduleSpecifier)) return [];
    return [{ specifier: moduleSpecifier.text, isTypeOnly: isTypeOnly(statement) }];
  });
}

/** Returns what a file imports by calls of `import()`, in order. */
export function lateImportsOf(file: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && isStringLiteral(specifier)) found.push(specifier.text);
    }
    node.forEachChild(visit);
  };
  file.forEachChild(visit);
  return found;
}

function isTypeOnly(statement: ImportDeclaration | ExportDeclaration): boolean {
  if (isExportDeclaration(statement)) {
    const { exportClause, isTypeOnly } = statement;
    return (
      isTypeOnly || (exportClause !== undefined && isNamedExports(exportClause) && areTypes(exportClause.elements))
    );
  }
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return clause.name === undefined && bindings !== undefined && isNamedImports(bindings) && areTypes(bindings.elements);
}

/** An empty list imports the module for its effects. */
function areTypes(elements: Iterable<Node & { readonly isTypeOnly: boolean }>): boolean {
  const all = [...elements];
  return all.length > 0 && all.every((element) => element.isTypeOnly);
}
