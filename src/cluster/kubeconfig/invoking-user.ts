/** The person at the keyboard, where root was reached by `sudo`. */
export interface InvokingUser {
  readonly uid: number;
  readonly gid: number;
}

/** Who called `sudo`, by what it sets (`SUDO_UID`, `SUDO_GID`), so that a file made for a user is the user's. */
export function invokingUser({ SUDO_UID: uid, SUDO_GID: gid }: NodeJS.ProcessEnv): InvokingUser | undefined {
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * The home in which a user's own files are looked for.
 *
 * `sudo` sets HOME to root's; a HOME that is not root's was kept, or set, on purpose.
 *
 * @param passwd - The text of /etc/passwd.
 */
export function userHome(env: NodeJS.ProcessEnv, passwd: string): string | undefined {
  const user = env.HOME === homeOf(passwd, "0") ? env.SUDO_UID : undefined;
  return (user === undefined ? undefined : homeOf(passwd, user)) ?? env.HOME;
}

function homeOf(passwd: string, uid: string): string | undefined {
  return passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find((fields) => fields[2] === uid)?.[5];
}
