/** Words for the error codes that the path of a user's file or folder leads to. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** Says why a file cannot be read or written, without the name of the system call: `there is no such file or folder`. */
export function fileProblem({ code, message }: NodeJS.ErrnoException): string {
  return PROBLEMS[code ?? ""] ?? message;
}

/** Whether a call of the operating system failed, as `readFile` does for a missing file. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
