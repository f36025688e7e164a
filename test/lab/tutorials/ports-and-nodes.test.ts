/** The tutorial on ports and nodes. */
import { testTutorial } from "./tutorial.testing.ts";

testTutorial(import.meta.filename, { name: "ports-and-nodes", images: { "library/busybox": "busybox" } });
