import { systemClock } from "@fairlead/lib/clock";
import { runPodRuntimeTests } from "../pod-runtime.testing.ts";
import { createSimulatedRuntime } from "./simulated-runtime.ts";

runPodRuntimeTests("simulated", async () => {
  const runtime = createSimulatedRuntime({ clock: systemClock, podCIDR: "10.244.7.0/24" });
  const image = "registry.example/app:1";
  await runtime.pullImage(image, undefined);
  return {
    runtime,
    image,
    command: ["pause"],
    logDirectory: "",
    cgroupParent: "/simulated",
    dispose: async () => runtime[Symbol.asyncDispose](),
  };
});
