import type { Infer } from "../../schema.ts";
import { field, list, map, struct, t } from "../../schema.ts";

export const userInfoSchema = struct("io.k8s.api.authentication.v1.UserInfo", "A user as the server knows them.", {
  username: field(1, t.string, "Name of the user, unique among those who can log in."),
  uid: field(2, t.string, "Identity that stays when the name changes hands."),
  groups: field(3, list(t.string), "Groups the user is in."),
  extra: field(4, map(list(t.string)), "What else the authenticator said about the user."),
});
export type UserInfo = Infer<typeof userInfoSchema>;
