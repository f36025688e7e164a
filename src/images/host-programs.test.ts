import assert from "node:assert/strict";
import { test } from "node:test";
import { hostPrograms, parseLdd } from "./host-programs.ts";

const outputs: { name: string; output: string; want: string[] }[] = [
  {
    name: "libraries and the loader, but not what the kernel brings",
    output: [
      "\tlinux-vdso.so.1 (0x00007ffd)",
      "\tlibtinfo.so.6 => /lib/x86_64-linux-gnu/libtinfo.so.6 (0x00007f01)",
      "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f02)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f03)",
      "",
    ].join("\n"),
    want: ["/lib/x86_64-linux-gnu/libtinfo.so.6", "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"],
  },
  { name: "a program that says it is static", output: "\tstatically linked\n", want: [] },
  { name: "nothing", output: "", want: [] },
];
for (const { name, output, want } of outputs) {
  test(`parseLdd: ${name}`, () => {
    assert.deepEqual(parseLdd("/bin/x", output), want);
  });
}

test("a library that is missing is named", () => {
  assert.throws(() => parseLdd("/bin/x", "\tliba.so.1 => not found\n"), {
    name: "ExpectedError",
    message: "Cannot copy /bin/x: its library liba.so.1 is not on this machine",
  });
});

test("a program comes under all its names, with its libraries, each once", async () => {
  const entries = await hostPrograms([
    { source: "/bin/sh", paths: ["/bin/sh", "/bin/ash"] },
    { source: "/bin/sleep", paths: ["/bin/sleep"] },
  ]);
  assert.deepEqual(entries.slice(0, 3), [
    { type: "file", path: "/bin/sh", source: "/bin/sh", mode: 0o755 },
    { type: "symlink", path: "/bin/ash", target: "/bin/sh" },
    { type: "file", path: "/bin/sleep", source: "/bin/sleep", mode: 0o755 },
  ]);
  const paths = entries.map((entry) => entry.path);
  assert.deepEqual(paths, [...new Set(paths)]);
  assert.ok(paths.some((file) => /\/libc\.so/.test(file)));
});

test("a program that is not there is named", async () => {
  await assert.rejects(hostPrograms([{ source: "/no/such/program", paths: ["/x"] }]), {
    name: "ExpectedError",
    message: /^Cannot copy \/no\/such\/program: .*No such file/,
  });
});
