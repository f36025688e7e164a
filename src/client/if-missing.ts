import { isAlreadyExists } from "@fairlead/api/status-error";

/**
 * Awaits the creation of an object that may be there already. Resolves with `undefined` if the API server has it; rejects with every
 * other failure.
 */
export async function ifMissing<T>(creation: Promise<T>): Promise<T | undefined> {
  try {
    return await creation;
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}
