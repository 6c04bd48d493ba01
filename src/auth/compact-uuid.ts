/** A UUID's 16 bytes in base64url, as tokens and client ids carry it. */
export function compactUuid(uuid: string): string {
  return Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");
}

/** The UUID of 22 characters of base64url. */
export function expandUuid(compact: string): string {
  const hex = Buffer.from(compact, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
