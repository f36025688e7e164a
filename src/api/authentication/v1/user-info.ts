import type { Infer } from "../../schema.ts";
import { field, list, map, struct, t } from "../../schema.ts";

export const userInfoSchema = struct("io.k8s.api.authentication.v1.UserInfo", "", {
  username: field(1, t.string, ""),
  uid: field(2, t.string, ""),
  groups: field(3, list(t.string), ""),
  extra: field(4, map(list(t.string)), ""),
});
export type UserInfo = Infer<typeof userInfoSchema>;
