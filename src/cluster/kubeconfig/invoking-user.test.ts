import assert from "node:assert/strict";
import { test } from "node:test";
import { invokingUser, userHome } from "./invoking-user.ts";

const passwd = "root:x:0:0:root:/root:/bin/bash\njane:x:1000:1000:Jane:/home/jane:/bin/bash\n";

const cases: { name: string; env: NodeJS.ProcessEnv; uid: number | undefined; home: string | undefined }[] = [
  { name: "root at a console", env: { HOME: "/root" }, uid: undefined, home: "/root" },
  {
    name: "by sudo, the home is the caller's",
    env: { HOME: "/root", SUDO_UID: "1000", SUDO_GID: "1000" },
    uid: 1000,
    home: "/home/jane",
  },
  {
    name: "a HOME that was kept is kept",
    env: { HOME: "/elsewhere", SUDO_UID: "1000", SUDO_GID: "1000" },
    uid: 1000,
    home: "/elsewhere",
  },
  {
    name: "a caller that this machine does not know",
    env: { HOME: "/root", SUDO_UID: "77", SUDO_GID: "77" },
    uid: 77,
    home: "/root",
  },
];

for (const { name, env, uid, home } of cases) {
  test(`invoking user: ${name}`, () => {
    assert.equal(invokingUser(env)?.uid, uid);
    assert.equal(userHome(env, passwd), home);
  });
}
