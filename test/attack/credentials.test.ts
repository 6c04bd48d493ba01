import { createHmac, randomBytes } from "node:crypto";
import { exportSPKI, type JWTPayload } from "jose";
import { aKey, sign, startIssuer, type Issuer, type IssuerKey } from "../auth/issuer";
import { aClient, secondsNow, signed, type SignedRequest } from "../auth/signing";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";
import { attackFactor } from "./effort";

const ISSUER = "https://issuer.example/";
const AUDIENCE = "clientele";
/** Writes, so that what gets in is noticed in the database as well. */
const INTRUDE = JSON.stringify({
  query: `mutation { createCustomer(input: { name: "Intruder" }) { id } viewer: __typename }`,
});

let issuer: Issuer;
let gateway: TestGateway;
let tenant: TestTenant;
let other: TestTenant;
let key: IssuerKey;
let foreignKey: IssuerKey;
let before: unknown;
beforeAll(async () => {
  issuer = await startIssuer();
  [key, foreignKey] = [await aKey("known"), await aKey("known")];
  issuer.serve([key.jwk]);
  const jwt = { jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE, algorithms: ["RS256", "ES256"] };
  gateway = await startGateway({ jwt: { ...jwt, tenantClaim: "tenant", scopeClaim: "scope" } });
  [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
});
afterAll(async () => {
  expect(gateway.unexpected).toEqual([]);
  await gateway.close();
  issuer.close();
});

/** Tables that remember who tried; everything else stays as it was. */
const REMEMBERS = ["used_signatures"];
const state = (): Promise<unknown> => digest(gateway.database, { without: REMEMBERS });

/** A request with a credential that proves nothing, and what is wrong with it. */
type Attempt = readonly [name: string, request: Partial<SignedRequest>];

const bearer = (token: string): Partial<SignedRequest> => ({ headers: { authorization: `Bearer ${token}` } });

/** Sends each attempt; tells which were not refused as everybody is who proves nothing. */
async function intrusions(attempts: readonly Attempt[]): Promise<string[]> {
  const found: string[] = [];
  before = await state();
  const refusal = JSON.stringify((await send(bearer("ck_nobody"))).body);
  for (const [name, request] of attempts) {
    const { status, body } = await send(request);
    // Where the path is another one there is nothing to be refused.
    if (status !== 404 && (status !== 401 || JSON.stringify(body) !== refusal))
      found.push(`${name}: ${status} ${JSON.stringify(body)}`);
  }
  expect(await state()).toEqual(before);
  return found;
}

async function send(request: Partial<SignedRequest>): Promise<{ status: number; body: any }> {
  const { method = "POST", url = "/graphql", headers = {}, payload = INTRUDE } = request;
  const all = { "content-type": "application/json", ...headers };
  const response = await gateway.http.inject({ method, url, headers: all, ...(method === "POST" && { payload }) });
  const body = response.json<any>();
  delete body.errors?.[0]?.extensions?.requestId;
  return { status: response.statusCode, body };
}

/** A text with one character replaced by another of the same alphabet, at each of some places. */
function changed(text: string, places = Array.from(text, (_, index) => index)): string[] {
  return places.map((at) => {
    const letter = text[at] ?? "";
    const replacement = letter === "a" ? "b" : letter === "0" ? "1" : /\d/.test(letter) ? "0" : "a";
    return text.slice(0, at) + replacement + text.slice(at + 1);
  });
}

const named = (name: string, values: readonly string[]): Attempt[] =>
  values.map((value) => [`${name} ${value}`, bearer(value)]);

test("API keys that were changed, cut, made up, put together or sent elsewhere open nothing", async () => {
  const { token } = tenant;
  const [mine, secret, others] = [token.slice(3, 25), token.slice(25), other.token.slice(3, 25)];
  const swapped = token.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  const elsewhere: Attempt[] = [
    ["in the address", { url: `/graphql?access_token=${token}&authorization=Bearer%20${token}` }],
    ["in a cookie", { headers: { cookie: `authorization=Bearer ${token}; token=${token}` } }],
    ...["x-api-key", "x-authorization", "proxy-authorization", "api-key", "x-access-token"].map((name): Attempt => [
      name,
      { headers: { [name]: `Bearer ${token}` } },
    ]),
    [
      "in the body",
      {
        payload: JSON.stringify({
          query: "{ __typename }",
          authorization: token,
          extensions: { headers: { authorization: `Bearer ${token}` } },
        }),
      },
    ],
    ...[
      `${token}`,
      `Basic ${Buffer.from(`${token}:`).toString("base64")}`,
      `Basic ${token}`,
      `Token ${token}`,
      `Bearer`,
      "Bearer ",
      `Bearer ${token} ${token}`,
      `Bearer ${token},Bearer ${other.token}`,
      `Bearer: ${token}`,
      `Bearer "${token}"`,
      `Bearer ${encodeURIComponent(`${token} `)}`,
      `Bearer ${"x".repeat(100_000)}`,
    ].map((authorization): Attempt => [authorization.slice(0, 40), { headers: { authorization } }]),
  ];
  const attempts = [
    ...named("changed", changed(token)),
    ...named(
      "cut",
      Array.from(token, (_, index) => token.slice(0, index)).filter((text) => text !== ""),
    ),
    ...named(
      "cut in front",
      Array.from({ length: 30 }, (_, index) => token.slice(index + 1)),
    ),
    ...named(
      "extended",
      ["A", "=", "==", ".", "%00", "A".repeat(100)].map((end) => token + end),
    ),
    ...named("put together", [
      `ck_${others}${secret}`,
      `ck_${mine}${other.token.slice(25)}`,
      `ck_${mine}${mine}`,
      `ck_${secret}${mine}`,
      swapped,
      `ck_${mine}${"A".repeat(32)}`,
      `ck_${"A".repeat(22)}${secret}`,
    ]),
    ...named(
      "made up",
      Array.from({ length: 100 * attackFactor() }, () => `ck_${mine}${randomBytes(24).toString("base64url")}`),
    ),
    ...elsewhere,
  ];
  expect(await intrusions(attempts)).toEqual([]);
  expect(attempts.length).toBeGreaterThan(250);
});

test("a key that was revoked opens nothing, whatever it could do before", async () => {
  const { app } = gateway;
  const made = await app.database.write(tenant.id, (scope) => app.services.apiKeys.create(scope, "gone", ["*"]));
  // The key of another tenant cannot be revoked from here, and by its id alone nobody gets in.
  expect(await app.database.write(other.id, (scope) => app.services.apiKeys.revoke(scope, made.id))).toBe(false);
  expect(await app.database.write(tenant.id, (scope) => app.services.apiKeys.revoke(scope, made.id))).toBe(true);
  expect(
    await intrusions([...named("revoked", [made.token]), ...named("by its id", [made.id, `ck_${made.id}`])]),
  ).toEqual([]);
});

test("signed requests that were changed, dated otherwise, or signed with another secret open nothing", async () => {
  const [client, second, foreign] = [
    await aClient(gateway, tenant.id),
    await aClient(gateway, tenant.id),
    await aClient(gateway, other.id),
  ];
  const now = secondsNow();
  const good = (parts = {}): SignedRequest => signed(client, { payload: INTRUDE, timestamp: String(now), ...parts });
  const withHeaders = (headers: Record<string, string | undefined>): Partial<SignedRequest> => {
    const request = good();
    const all = Object.entries({ ...request.headers, ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return { ...request, headers: Object.fromEntries(all) };
  };
  const { "x-signature": signature = "", "x-client-id": clientId = "" } = good().headers;
  const forms = [
    `${now}0`,
    ` ${now}`,
    `+${now}`,
    `${now}.0`,
    `0x${now.toString(16)}`,
    "1e9",
    "",
    "NaN",
    "-1",
    "0",
    String(now * 1000),
    "٠١٢٣٤٥٦٧٨٩",
    `${now},${now}`,
  ];
  const attempts: Attempt[] = [
    ...changed(signature).map((value): Attempt => [`signature ${value}`, withHeaders({ "x-signature": value })]),
    ...[
      signature.toUpperCase(),
      signature.slice(1),
      `${signature}0`,
      "",
      "0".repeat(64),
      Buffer.from(signature, "hex").toString("base64"),
      `v1=${signature}`,
      `${signature},${signature}`,
    ].map((value): Attempt => [`signature ${value}`, withHeaders({ "x-signature": value })]),
    ...changed(clientId).map((value): Attempt => [`client ${value}`, withHeaders({ "x-client-id": value })]),
    ...["", foreign.id, second.id, tenant.id, tenant.code, tenant.token, "*", "' or true --"].map((value): Attempt => [
      `client ${value}`,
      withHeaders({ "x-client-id": value }),
    ]),
    ...["x-client-id", "x-timestamp", "x-signature"].map((name): Attempt => [
      `without ${name}`,
      withHeaders({ [name]: undefined }),
    ]),
    ...forms.map((value): Attempt => [`time ${value}`, withHeaders({ "x-timestamp": value })]),
    ...forms.map((timestamp): Attempt => [`signed time ${timestamp}`, good({ timestamp })]),
    ...[-1, 1, 60, -60].map((seconds): Attempt => [
      `another time ${seconds}`,
      withHeaders({ "x-timestamp": String(now + seconds) }),
    ]),
    ...[-310, 310, -3600, 3600, -86_400, 1e8].map((seconds): Attempt => [
      `signed ${seconds} s from now`,
      good({ timestamp: String(now + seconds) }),
    ]),
    ...[`${INTRUDE} `, ` ${INTRUDE}`, INTRUDE.replace("Intruder", "Another"), "{}", ""].map((payload): Attempt => [
      `another body ${payload}`,
      { ...good(), payload },
    ]),
    ["another path", { ...good(), url: "/graphql?x=1" }],
    ["a signed path", { ...good({ url: "/graphql?x=1" }), url: "/graphql" }],
    ["another method", { ...good(), method: "GET", url: `/graphql?query=${encodeURIComponent("{ __typename }")}` }],
    ...[
      "",
      "secret",
      clientId,
      client.secret.slice(3),
      client.secret.slice(0, -1),
      `${client.secret}A`,
      second.secret,
      foreign.secret,
      "cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ].map((secret): Attempt => [`secret ${secret}`, signed({ ...client, secret }, { payload: INTRUDE })]),
    [
      "another hash",
      withHeaders({ "x-signature": createHmac("sha512", client.secret).update(INTRUDE).digest("hex").slice(0, 64) }),
    ],
    [
      "the body's hash alone",
      withHeaders({ "x-signature": createHmac("sha256", client.secret).update(INTRUDE).digest("hex") }),
    ],
    ["a key beside it", withHeaders({ authorization: `Bearer ${tenant.token}` })],
    ["a key of another tenant beside it", withHeaders({ authorization: `Bearer ${other.token}` })],
    ["a key beside a part of it", { headers: { authorization: `Bearer ${tenant.token}`, "x-client-id": clientId } }],
  ];
  expect(await intrusions(attempts)).toEqual([]);
  expect(attempts.length).toBeGreaterThan(150);
});

test("a signed request is executed once, however often and however fast it is sent", async () => {
  const client = await aClient(gateway, tenant.id);
  const start = secondsNow();
  let sent = 0;
  for (let round = 0; round < 10; round++) {
    const request = signed(client, { payload: INTRUDE, timestamp: String(start - round) });
    const atOnce = await Promise.all(Array.from({ length: 6 }, () => send(request)));
    const later = [await send(request), await send(request)];
    expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    expect(later.map(({ status }) => status)).toEqual([401, 401]);
    sent += atOnce.length + later.length;
  }
  const rows = await tenant.run(`{ customers(filter: { name: { eq: "Intruder" } }) { totalCount } }`);
  expect([sent, rows.customers.totalCount]).toEqual([80, 10]);
});

test("tokens that were forged, changed, are stale or for somebody else open nothing", async () => {
  const claims = (more: JWTPayload = {}): JWTPayload => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "eve",
    exp: secondsNow() + 300,
    tenant: tenant.id,
    scope: "*",
    ...more,
  });
  const base64 = (value: unknown): string =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const good = await sign(key, claims());
  const [head = "", body = "", signature = ""] = good.split(".");
  const unsigned = (header: object, payload: unknown = claims(), end = ""): string =>
    `${base64(header)}.${base64(payload)}.${end}`;
  const hmac = (header: object, secret: string | Buffer): string => {
    const text = `${base64(header)}.${base64(claims())}`;
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const spki = await exportSPKI(key.publicKey);
  const wide = await aKey("wide", "ES384");
  issuer.serve([key.jwk, wide.jwk]);
  const since = secondsNow();
  const signedClaims: JWTPayload[] = [
    ...[
      { exp: since - 31 },
      { exp: since - 3600 },
      { exp: 0 },
      { exp: -1 },
      { exp: undefined },
      { nbf: since + 60 },
      { nbf: since + 3600 },
    ],
    ...[
      "https://issuer.example",
      "https://issuer.example//",
      "https://ISSUER.example/",
      "http://issuer.example/",
      `${ISSUER}x`,
      "",
      undefined,
      null,
      [ISSUER],
      1,
    ].map((iss) => ({ iss })),
    ...[
      "client",
      "clientele ",
      "CLIENTELE",
      `${AUDIENCE}x`,
      "*",
      "",
      undefined,
      null,
      [],
      ["other"],
      1,
      { 0: AUDIENCE },
    ].map((aud) => ({ aud })),
    ...[
      "nobody",
      "",
      " ",
      undefined,
      null,
      1,
      true,
      [],
      {},
      "*",
      "%",
      "__proto__",
      "constructor",
      "' or true --",
      "a\u0000b",
      "\ud800",
      "x".repeat(300),
      "00000000-0000-0000-0000-000000000000",
      `{${"0".repeat(36)}}`,
    ].map((value) => ({ tenant: value })),
    ...["", " ", undefined, null, 1, [], {}, "x".repeat(300), "a\u0000b"].map((sub) => ({ sub })),
  ].map((more) => JSON.parse(JSON.stringify(claims(more as JWTPayload))) as JWTPayload);
  const forged = await Promise.all([
    ...signedClaims.map((payload) => sign(key, payload)),
    sign(foreignKey, claims()),
    sign({ ...foreignKey, kid: "unknown" }, claims()),
    sign(wide, claims()),
    ...["../../dev/null", "/dev/null", "known\u0000", "KNOWN", "' union select", "constructor", "__proto__", "0"].map(
      (kid) => sign({ ...foreignKey, kid }, claims()),
    ),
  ]);
  const tokens = [
    ...["none", "None", "NONE", "nOnE", ""].flatMap((alg) => [
      unsigned({ alg }),
      unsigned({ alg, kid: "known" }),
      unsigned({ alg }, claims(), signature),
    ]),
    ...[spki, spki.trim(), JSON.stringify(key.jwk), "", "known", Buffer.alloc(32)].flatMap((secret) => [
      hmac({ alg: "HS256", kid: "known" }, secret),
      hmac({ alg: "ES256", kid: "known" }, secret),
    ]),
    ...[
      { jwk: foreignKey.jwk },
      { jku: issuer.jwksUrl },
      { x5u: issuer.jwksUrl },
      { x5c: ["MIIB"] },
      { crit: ["b64"], b64: false },
      { crit: ["exp"] },
      { typ: "x", cty: "JWT" },
    ].map((more) => unsigned({ alg: "ES256", kid: "known", ...more }, claims(), signature)),
    ...forged,
    // The tenant of somebody else under the signature for one's own.
    unsigned(JSON.parse(Buffer.from(head, "base64url").toString()) as object, claims({ tenant: other.id }), signature),
    ...changed(body, [5, 15, 25, 40, 60]).map((text) => `${head}.${text}.${signature}`),
    ...changed(
      signature,
      Array.from({ length: 40 }, (_, index) => index * 2),
    ).map((text) => `${head}.${body}.${text}`),
    ...[
      `${head}.${body}`,
      `${head}.${body}.`,
      `.${body}.${signature}`,
      `${head}..${signature}`,
      `${head}.${body}.${signature}.`,
      `${good}.${good}`,
      `${good}=`,
      good.toUpperCase(),
      good.slice(1),
      "a.b.c",
      "..",
      "e30.e30.e30",
      base64(good),
    ],
    ...[null, [], 1, "x"].map((payload) => unsigned({ alg: "ES256", kid: "known" }, payload, signature)),
  ];
  // What is used to compare with is accepted.
  expect((await send({ ...bearer(good), payload: JSON.stringify({ query: "{ __typename }" }) })).status).toBe(200);
  expect(
    await intrusions(
      named(
        "token",
        tokens.filter((token) => token !== good),
      ),
    ),
  ).toEqual([]);
  expect(tokens.length).toBeGreaterThan(150);
});

test("nothing but the credential names the tenant", async () => {
  const names = [
    "x-tenant",
    "x-tenant-id",
    "tenant",
    "x-hasura-tenant-id",
    "x-client-id-tenant",
    "x-forwarded-tenant",
    "x-forwarded-user",
    "x-original-url",
    "host",
    "forwarded",
    "cookie",
    "referer",
  ];
  const query = "{ viewer { tenant { id } } customers { totalCount } }";
  const values = [other.id, other.code, `tenant=${other.id}`];
  for (const name of names) {
    for (const value of values) {
      const headers = { authorization: `Bearer ${tenant.token}`, [name]: value };
      const payload = JSON.stringify({
        query,
        variables: { tenant: other.id, tenantId: other.id },
        extensions: { tenant: other.id },
      });
      const url = `/graphql?tenant=${other.id}&tenantId=${other.id}`;
      const { body } = await send({ url, headers, payload });
      expect([name, body.data?.viewer.tenant.id]).toEqual([name, tenant.id]);
    }
  }
});
