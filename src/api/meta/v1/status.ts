import { field, list, struct, t } from "../../schema.ts";
import { listMetaSchema } from "./list-meta.ts";
import { typeMeta } from "./type-meta.ts";

const PACKAGE = "io.k8s.apimachinery.pkg.apis.meta.v1";

const statusCauseSchema = struct(`${PACKAGE}.StatusCause`, "One problem of a request.", {
  reason: field(1, t.string, "What is wrong, in one word for programs."),
  message: field(2, t.string, "Description of the problem for people."),
  field: field(3, t.string, "Path of the field that has the problem."),
});

const statusDetailsSchema = struct(`${PACKAGE}.StatusDetails`, "Data about the reason of a Status.", {
  name: field(1, t.string, "Name of the object that the request was about."),
  group: field(2, t.string, "Group of the resource."),
  kind: field(3, t.string, "Resource that the request was about."),
  uid: field(6, t.string, "UID of the object."),
  causes: field(4, list(statusCauseSchema, { listType: "atomic" }), "What each of the problems is."),
  retryAfterSeconds: field(5, t.int32, "Seconds to wait before the request is tried again."),
});

/** The schema of `Status`: the outcome of a request that does not answer an object. Refusals are of it. */
export const statusSchema = struct(`${PACKAGE}.Status`, "The outcome of a request that does not answer an object.", {
  ...typeMeta,
  metadata: field(1, listMetaSchema, "Metadata of a list."),
  status: field(2, t.string, "Success or Failure."),
  message: field(3, t.string, "Description of the outcome for people."),
  reason: field(4, t.string, "Why the request failed, in one word for programs."),
  details: field(5, statusDetailsSchema, "Data about the reason."),
  code: field(6, t.int32, "HTTP status code."),
});
