import { field, inlined, list, struct, t } from "../../schema.ts";
import { typeMeta } from "./type-meta.ts";

const PACKAGE = "io.k8s.apimachinery.pkg.apis.meta.v1";

const texts = list(t.string, { listType: "atomic" });

/** In protobuf a message of its own, so that no verbs differ from verbs that are not known. */
const verbsSchema = struct(`${PACKAGE}.Verbs`, "What may be done.", {
  verbs: field(1, list(t.string), "What may be done.", { required: true }),
});

const apiResourceSchema = struct(`${PACKAGE}.APIResource`, "One resource or subresource.", {
  name: field(1, t.string, "Plural name.", { required: true }),
  singularName: field(6, t.string, "Singular name.", { required: true }),
  namespaced: field(2, t.bool, "Whether its objects are in namespaces.", { required: true }),
  group: field(8, t.string, "Group of its kind, where it is not that of the list."),
  version: field(9, t.string, "Version of its kind, where it is not that of the list."),
  kind: field(3, t.string, "Kind of its objects.", { required: true }),
  ...inlined(4, verbsSchema),
  shortNames: field(5, texts, "Short names for people."),
  categories: field(7, texts, "Groups of resources that it belongs to, such as all."),
  storageVersionHash: field(10, t.string, "Hash of the version in which it is stored."),
});

/** The schema of `APIResourceList`: the resources of one group and version. */
export const apiResourceListSchema = struct(`${PACKAGE}.APIResourceList`, "The resources of one group and version.", {
  ...typeMeta,
  groupVersion: field(1, t.string, "Group and version of the resources.", { required: true }),
  resources: field(
    2,
    list(apiResourceSchema, { listType: "atomic" }),
    "Names of the resources, and whether they are namespaced.",
    { required: true },
  ),
});

const groupVersionSchema = struct(`${PACKAGE}.GroupVersionForDiscovery`, "One version of a group.", {
  groupVersion: field(1, t.string, "Group and version: apps/v1.", { required: true }),
  version: field(2, t.string, "The version alone.", { required: true }),
});

const serverAddresses = list(
  struct(`${PACKAGE}.ServerAddressByClientCIDR`, "Under which address some clients reach the server.", {
    clientCIDR: field(1, t.string, "Addresses of the clients.", { required: true }),
    serverAddress: field(2, t.string, "Address of the server: a host name or an IP address, and a port.", {
      required: true,
    }),
  }),
  { listType: "atomic" },
);

const groupFields = {
  name: field(1, t.string, "Name of the group.", { required: true }),
  versions: field(2, list(groupVersionSchema, { listType: "atomic" }), "Versions, the preferred one first.", {
    required: true,
  }),
  preferredVersion: field(3, groupVersionSchema, "The version that clients should use."),
  serverAddressByClientCIDRs: field(4, serverAddresses, "Addresses of the server."),
};

/** The schema of `APIGroup`: the versions of one group. */
export const apiGroupSchema = struct(`${PACKAGE}.APIGroup`, "The versions of one group.", {
  ...typeMeta,
  ...groupFields,
});

/** The schema of `APIGroupList`: all groups but the core one. */
export const apiGroupListSchema = struct(`${PACKAGE}.APIGroupList`, "All groups but the core one.", {
  ...typeMeta,
  groups: field(1, list(apiGroupSchema, { listType: "atomic" }), "The groups.", { required: true }),
});

/** The schema of `APIVersions`: the versions of the core group. */
export const apiVersionsSchema = struct(`${PACKAGE}.APIVersions`, "The versions of the core group.", {
  ...typeMeta,
  versions: field(1, texts, "The versions.", { required: true }),
  serverAddressByClientCIDRs: field(2, serverAddresses, "Addresses of the server.", { required: true }),
});
