import { createHash, createHmac } from "node:crypto";
import { type InjectOptions, type LightMyRequestResponse } from "fastify";
import { type CreatedSecret } from "../../src/auth/signing-client.service";
import { type TestGateway } from "../support/gateway";

/** A request as a client that signs makes it; written from the documentation, not from what checks it. */
export interface SignedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: string;
}

export interface RequestParts {
  readonly method?: "GET" | "POST";
  readonly url?: string;
  readonly payload?: string;
  readonly timestamp?: string;
}

export const VIEWER = JSON.stringify({ query: "{ viewer { credential scopes tenant { code } } }" });

export const secondsNow = (): number => Math.floor(Date.now() / 1000);

/** The request that a client signs; by default a POST that asks who is asking. */
export function signed({ id, secret }: CreatedSecret, parts: RequestParts = {}): SignedRequest {
  const { method = "POST", url = "/graphql", timestamp = String(secondsNow()) } = parts;
  const payload = parts.payload ?? (method === "POST" ? VIEWER : undefined);
  const bodyHash = createHash("sha256")
    .update(payload ?? "", "utf8")
    .digest("hex");
  const signature = createHmac("sha256", secret)
    .update(["v1", id, timestamp, method, url, bodyHash].join("\n"), "utf8")
    .digest("hex");
  return {
    method,
    url,
    headers: {
      "x-client-id": id,
      "x-timestamp": timestamp,
      "x-signature": signature,
      ...(method === "POST" ? { "content-type": "application/json" } : { "apollo-require-preflight": "1" }),
    },
    ...(payload !== undefined && { payload }),
  };
}

/** One more second each time: requests that are alike have signatures of their own. */
export function aClock(start = secondsNow() - 200): () => string {
  let now = start;
  return () => String(now++);
}

export const send = ({ http }: TestGateway, request: InjectOptions): Promise<LightMyRequestResponse> =>
  http.inject(request);

/** A new client of a tenant. */
export function aClient({ app }: TestGateway, tenantId: string, ...scopes: string[]): Promise<CreatedSecret> {
  const wanted = scopes.length > 0 ? scopes : ["*"];
  return app.database.write(tenantId, (scope) => app.services.signingClients.create(scope, "nightly sync", wanted));
}

/** The one answer to who has not proven who asks. */
export function expectRefused(response: LightMyRequestResponse): void {
  const body = response.json<{ errors: { message: string; extensions: Record<string, unknown> }[] }>();
  delete body.errors[0]?.extensions["requestId"];
  expect([response.statusCode, response.headers["www-authenticate"], body]).toEqual([401, "Bearer", REFUSAL]);
}

export const REFUSAL = {
  errors: [
    {
      message: "Send one valid credential: an API key or a token as Authorization: Bearer …, or a signed request.",
      extensions: { code: "UNAUTHENTICATED" },
    },
  ],
};

/** What was found valid is believed for some seconds: this makes them pass at once. */
export function passSeconds(seconds: number): void {
  const later = performance.now() + seconds * 1000;
  jest.spyOn(performance, "now").mockReturnValue(later);
}
