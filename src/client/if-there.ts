import { isNotFound } from "@fairlead/api/status-error";

/**
 * Awaits a request about an object that another client may have deleted. Resolves with `undefined` if the API server does not
 * find the object; rejects with every other failure.
 */
export async function ifThere<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
