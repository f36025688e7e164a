import { defineKind } from "../../../kind.ts";
import type { Binding } from "./binding-schema.ts";
import { bindingSchema } from "./binding-schema.ts";

export type * from "./binding-schema.ts";

export const bindingKind = defineKind<Binding>({
  group: "",
  version: "v1",
  kind: "Binding",
  plural: "bindings",
  namespaced: true,
  schema: bindingSchema,
  verbs: ["create"],
});
