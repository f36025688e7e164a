/** nft refused a transaction. The kernel's rules are unchanged. */
export class NftError extends Error {
  override readonly name = "NftError";
}

/** Returns the lines that say what is wrong. The others repeat the whole transaction, and point into it. */
export function errorsIn(said: string): string {
  const errors = said.split("\n").filter((line) => line.includes("Error:"));
  return errors.length === 0 ? said.slice(0, 400) : [...new Set(errors)].slice(0, 5).join("; ");
}
