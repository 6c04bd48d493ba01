import { type IncomingHttpHeaders } from "node:http";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type Credential } from "./credential";
import { isSigned, type SignedHead } from "./signed-request";
import { type BodyCheck, type SignatureChecker } from "./signature-checker";

/** Finds the credential that a token proves. */
export interface TokenChecker {
  /**
   * At once where the credential is believed from before.
   * @returns undefined for every reason that it proves none; or throws UnauthenticatedError, which names it to the log
   */
  authenticate(token: string): Credential | Promise<Credential | undefined>;
}

/** The ways to prove who asks. */
export interface Checkers {
  readonly apiKeys: TokenChecker;
  readonly signatures: SignatureChecker;
  /** Undefined: tokens of no issuer are accepted. */
  readonly jwts: TokenChecker | undefined;
}

const MAX_HEADER_LENGTH = 8192;

/**
 * Who sends a request: an API key or a token of the configured issuer as `Authorization: Bearer …`, or a client that signs.
 * Whoever reads the answer learns no reason why a proof is refused.
 */
export class Authenticator {
  constructor(private readonly checkers: Checkers) {}

  /**
   * Looks at the headers, before the body is read; answers at once where the credential is believed from before.
   * @returns the credential, or, for a signed request, what the body has to be checked with
   * @throws UnauthenticatedError for no proof, more than one, and one that does not hold
   */
  authenticate(
    headers: IncomingHttpHeaders,
    request: Pick<SignedHead, "method" | "path">,
  ): Credential | Promise<Credential | BodyCheck> {
    const { authorization } = headers;
    if (isSigned(headers)) {
      if (authorization !== undefined) throw new UnauthenticatedError("several_credentials");
      return this.checkers.signatures.checkHeaders(headers, request);
    }
    if (authorization === undefined) throw new UnauthenticatedError("no_credential");
    const token = authorization.length <= MAX_HEADER_LENGTH ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
    if (token === undefined) throw new UnauthenticatedError("header_malformed");
    const checker = token.startsWith("ck_") ? this.checkers.apiKeys : this.checkers.jwts;
    const found = checker?.authenticate(token);
    return found instanceof Promise ? found.then(knownOrThrow) : knownOrThrow(found);
  }
}

function knownOrThrow(credential: Credential | undefined): Credential {
  if (!credential) throw new UnauthenticatedError("token_unknown");
  return credential;
}

/** Whether the body of a request has still to be checked. */
export function isBodyCheck(proof: Credential | BodyCheck): proof is BodyCheck {
  return "verify" in proof;
}
