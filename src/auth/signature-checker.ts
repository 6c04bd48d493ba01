import { type IncomingHttpHeaders } from "node:http";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type Credential } from "./credential";
import { hashOfSignature, isSignedWith, readSignedHead, type SignedHead } from "./signed-request";
import { type SigningClientService } from "./signing-client.service";
import { type UsedSignatures } from "./used-signatures";

/** How far a signature's time may be from now where nothing else is configured. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/** An unknown client costs the work of a known one. */
const DUMMY_SECRETS = ["cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
const EMPTY = Buffer.alloc(0);

/** A request whose headers are in order: its body decides. */
export interface BodyCheck {
  /** @throws UnauthenticatedError where the body is not what was signed, or the signature was used before */
  verify(body: Buffer): Promise<Credential>;
}

/** Checks signed requests: the headers before the body is read, then the signature before the body is parsed. */
export class SignatureChecker {
  constructor(
    private readonly clients: SigningClientService,
    private readonly usedSignatures: UsedSignatures,
    /** How far a signature's time may be from now, in seconds. */
    private readonly windowSeconds: number,
  ) {}

  /** @throws UnauthenticatedError for headers with which no body would be accepted */
  async checkHeaders(headers: IncomingHttpHeaders, request: Pick<SignedHead, "method" | "path">): Promise<BodyCheck> {
    const head = readSignedHead(headers, request);
    if (!head) throw new UnauthenticatedError("signature_malformed");
    const age = Math.floor(Date.now() / 1000) - Number(head.timestamp);
    if (Math.abs(age) > this.windowSeconds) throw new UnauthenticatedError("signature_time");
    const client = await this.clients.find(head.clientId);
    if (!client) {
      isSignedWith(DUMMY_SECRETS, head, EMPTY);
      throw new UnauthenticatedError("client_unknown");
    }
    return {
      verify: async (body) => {
        if (!isSignedWith(client.secrets, head, body)) throw new UnauthenticatedError("signature_wrong");
        const signedAt = new Date(Number(head.timestamp) * 1000);
        const { credential } = client;
        if (await this.usedSignatures.claim(credential.tenant.id, hashOfSignature(head), signedAt)) return credential;
        throw new UnauthenticatedError("signature_used");
      },
    };
  }
}
