import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { StatusError } from "@fairlead/api/status-error";

const ATTEMPTS = 2_000;

/** Repeats what depends on a cache: a refusal or a failed assertion is tried again. */
export async function eventually<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const mayPass = error instanceof StatusError || error instanceof assert.AssertionError;
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await pause(1);
    }
  }
}
