import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from "jose";

/** A key pair of an issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** An issuer of tokens, with its keys behind real HTTP. */
export interface Issuer {
  readonly jwksUrl: string;
  /** How often its keys were asked for. */
  fetches(): number;
  /** The keys that it answers with; undefined: it is out of order. */
  serve(keys: readonly JWK[] | undefined): void;
  close(): void;
}

export async function startIssuer(): Promise<Issuer> {
  let served: readonly JWK[] | undefined = [];
  let count = 0;
  const server = createServer((_request, response) => {
    count++;
    response.statusCode = served ? 200 : 503;
    response.setHeader("content-type", "application/json");
    response.end(served ? JSON.stringify({ keys: served }) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    fetches: () => count,
    serve: (keys) => {
      served = keys;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function aKey(kid: string, alg = "ES256"): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** A token with these claims and nothing besides. */
export function sign(key: IssuerKey, claims: JWTPayload, header: { alg?: string; kid?: string } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
}
