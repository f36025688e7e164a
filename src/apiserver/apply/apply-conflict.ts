import { goQuote } from "@fairlead/api/go-quote";
import { StatusError } from "@fairlead/api/status-error";
import type { FieldSet } from "./field-set.ts";
import { difference, intersection, isEmptySet, pathsOf } from "./field-set.ts";
import type { Manager, Ownings } from "./managers.ts";
import { managerId } from "./managers.ts";

/** Fields of another manager that an apply would change. */
export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/**
 * Returns the conflicts of a change with the owners of its fields, by manager.
 *
 * @param changedIn - The changed fields as paths of an API version.
 */
export function conflictsWith(
  others: readonly Ownings[],
  changedIn: (apiVersion: string) => FieldSet,
): readonly Conflict[] {
  return others
    .map(({ manager, fields }) => ({ manager, fields: intersection(fields, changedIn(manager.apiVersion)) }))
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted((a, b) => (managerId(a.manager) < managerId(b.manager) ? -1 : 1));
}

/** The conflicts that are left when `allowed` fields may be taken. */
export function conflictsBut(conflicts: readonly Conflict[], allowed: FieldSet): readonly Conflict[] {
  return conflicts
    .map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

/** The refusal of an apply, with one cause for each field. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const all = conflicts.flatMap(({ manager, fields }) =>
    pathsOf(fields).map((field) => ({ field, manager: shown(manager) })),
  );
  const causes = all.map(({ field, manager }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  const [first] = all;
  const text =
    all.length === 1 && first !== undefined
      ? `conflict with ${first.manager}: ${first.field}`
      : conflicts
          .flatMap(({ manager, fields }) => [
            `conflicts with ${shown(manager)}:`,
            ...pathsOf(fields).map((field) => `- ${field}`),
          ])
          .join("\n");
  const count = `${all.length} conflict${all.length === 1 ? "" : "s"}`;
  return new StatusError("Conflict", `Apply failed with ${count}: ${text}`, { details: { causes } });
}

/** Only updaters are shown with their API version: it is part of their identity. */
function shown({ name, operation, apiVersion, subresource }: Manager): string {
  const below = subresource === "" ? "" : ` with subresource ${goQuote(subresource)}`;
  return goQuote(name) + below + (operation === "Update" ? ` using ${apiVersion}` : "");
}
