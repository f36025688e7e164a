import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { nodeColumns } from "./node-columns.ts";
import { withNodeDefaults } from "./node-defaults.ts";
import type { Node } from "./node-schema.ts";
import { nodeSchema } from "./node-schema.ts";
import { nodeWarnings } from "./node-warnings.ts";
import { validateNode } from "./validate-node.ts";

export type * from "./node-schema.ts";

export const nodeKind = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  schema: nodeSchema,
  subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  columns: nodeColumns,
  withDefaults: withNodeDefaults,
  validate: validateNode,
  warnings: (node, _previous, subresource) => (subresource === "" ? nodeWarnings(node) : []),
  validateName: dnsSubdomainProblems,
  selectableFields: { "spec.unschedulable": ({ spec }) => String(spec.unschedulable ?? false) },
});
