import { field, t } from "../../schema.ts";

/** The two fields that every object starts with. In protobuf they are outside the message, hence number 0. */
export const typeMeta = {
  apiVersion: field(
    0,
    t.string,
    "APIVersion defines the group and version of the object's kind, for example apps/v1.",
    { present: true },
  ),
  kind: field(0, t.string, "Name of the object's kind, in CamelCase.", { present: true }),
} as const;
