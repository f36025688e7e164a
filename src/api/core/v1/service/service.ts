import { defineKind } from "../../../kind.ts";
import { dns1035LabelProblems } from "../../../names.ts";
import { serviceColumns } from "./service-columns.ts";
import { withServiceDefaults } from "./service-defaults.ts";
import type { Service } from "./service-schema.ts";
import { serviceSchema } from "./service-schema.ts";
import { serviceStatusWarnings, serviceWarnings } from "./service-warnings.ts";
import { validateService } from "./validate-service.ts";

export type * from "./service-schema.ts";

export const serviceKind = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  schema: serviceSchema,
  subresources: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  columns: serviceColumns,
  withDefaults: withServiceDefaults,
  validate: validateService,
  warnings: (service, _previous, subresource) =>
    subresource === "status" ? serviceStatusWarnings(service) : serviceWarnings(service),
  validateName: dns1035LabelProblems,
  selectableFields: { "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "", "spec.type": ({ spec }) => spec.type },
});
