import { listMetaSchema } from "../../meta/v1/list-meta.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { field, list, struct, t } from "../../schema.ts";

const PACKAGE = "io.k8s.api.apidiscovery.v2";

const texts = list(t.string, { listType: "set" });

const groupVersionKind = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind",
  "A kind, in a version of a group.",
  {
    group: field(1, t.string, "The group.", { required: true }),
    version: field(2, t.string, "The version.", { required: true }),
    kind: field(3, t.string, "The kind.", { required: true }),
  },
);

const subresource = struct(`${PACKAGE}.APISubresourceDiscovery`, "A part or an action of a resource.", {
  subresource: field(1, t.string, "Name, without the resource.", { required: true }),
  responseKind: field(2, groupVersionKind, "Kind of its answers.", { keepEmpty: true }),
  acceptedTypes: field(3, list(groupVersionKind, { listType: "map" }), "Kinds that it takes, where they are others."),
  verbs: field(4, texts, "What may be done.", { required: true }),
});

const resource = struct(`${PACKAGE}.APIResourceDiscovery`, "One resource.", {
  resource: field(1, t.string, "Plural name.", { required: true }),
  responseKind: field(2, groupVersionKind, "Kind of its objects.", { keepEmpty: true }),
  scope: field(3, t.string, "Cluster or Namespaced.", { required: true }),
  singularResource: field(4, t.string, "Singular name.", { required: true }),
  verbs: field(5, texts, "What may be done.", { required: true }),
  shortNames: field(6, texts, "Short names for people."),
  categories: field(7, texts, "Groups of resources that it belongs to, such as all."),
  subresources: field(8, list(subresource, { listType: "map", mapKeys: ["subresource"] }), "Its parts and actions."),
});

const version = struct(`${PACKAGE}.APIVersionDiscovery`, "One version of a group.", {
  version: field(1, t.string, "Name of the version.", { required: true }),
  resources: field(2, list(resource, { listType: "map", mapKeys: ["resource"] }), "Resources of the version."),
  freshness: field(3, t.string, "Whether the answer is new: Current or Stale."),
});

/** The schema of `APIGroupDiscovery`: a group, its versions and their resources. The versions v2 and v2beta1 have the same fields. */
export const apiGroupDiscoverySchema = struct(
  `${PACKAGE}.APIGroupDiscovery`,
  "A group, its versions and their resources.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "The group's name."),
    versions: field(2, list(version, { listType: "map", mapKeys: ["version"] }), "Versions, the preferred one first."),
  },
);

/** The schema of `APIGroupDiscoveryList`: everything that is served, in one document. */
export const apiGroupDiscoveryListSchema = struct(`${PACKAGE}.APIGroupDiscoveryList`, "Everything that is served.", {
  ...typeMeta,
  metadata: field(1, listMetaSchema, "Metadata of the list."),
  items: field(2, list(apiGroupDiscoverySchema), "The groups.", { required: true }),
});
