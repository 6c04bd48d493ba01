import { type IncomingHttpHeaders } from "node:http";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type Credential } from "./credential";

/** Finds the credential that a token proves. */
export interface CredentialChecker {
  authenticate(token: string): Promise<Credential | undefined>;
}

const MAX_HEADER_LENGTH = 8192;

/**
 * Who sends a request: an API key as `Authorization: Bearer ck_…`.
 * @throws UnauthenticatedError, the same for a missing, malformed, unknown and revoked key
 */
export async function authenticate(headers: IncomingHttpHeaders, credentials: CredentialChecker): Promise<Credential> {
  const header = headers.authorization ?? "";
  const token = header.length <= MAX_HEADER_LENGTH ? /^Bearer +(\S+)$/i.exec(header)?.[1] : undefined;
  const credential = token === undefined ? undefined : await credentials.authenticate(token);
  if (!credential) throw new UnauthenticatedError();
  return credential;
}
