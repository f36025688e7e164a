import type { Secret } from "./secret-schema.ts";

/** `stringData` can be written but is never stored: it becomes `data`, and wins over it. */
export function withSecretDefaults({ stringData, ...secret }: Secret): Secret {
  if (stringData === undefined) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64Of(text)] as const);
  return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}

function base64Of(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
