import { createHmac } from "node:crypto";
import { type LightMyRequestResponse } from "fastify";
import { exportSPKI, type JWTPayload } from "jose";
import { type JwtOptions } from "../../src/auth/jwt-checker";
import { readConfig } from "../../src/config";
import { pino } from "pino";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { aKey, sign, startIssuer, type Issuer, type IssuerKey } from "./issuer";
import { expectRefused, passSeconds, secondsNow, VIEWER } from "./signing";

const ISSUER = "https://issuer.example/";
const AUDIENCE = "clientele";

const logged: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line) as (typeof logged)[0]) });

let issuer: Issuer;
let gateway: TestGateway;
let tenant: TestTenant;
let es: IssuerKey;
let rs: IssuerKey;
/** Of an algorithm that is not configured. */
let wide: IssuerKey;
beforeAll(async () => {
  issuer = await startIssuer();
  [es, rs, wide] = [await aKey("es"), await aKey("rs", "RS256"), await aKey("wide", "ES384")];
  issuer.serve([es.jwk, rs.jwk, wide.jwk]);
  gateway = await startGateway({ jwt: options(issuer), log });
  tenant = await gateway.aTenant();
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await gateway.close();
  issuer.close();
});

const options = ({ jwksUrl }: Issuer): JwtOptions => ({
  jwksUrl,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["RS256", "ES256"],
  tenantClaim: "tenant",
  scopeClaim: "scope",
});

/** Claims of a token that is accepted. */
const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "ada@example.com",
  exp: secondsNow() + 300,
  tenant: tenant.id,
  scope: "customers:read customers:write",
  ...more,
});

function ask(
  token: string,
  { to = gateway, payload = VIEWER, headers = {} }: { to?: TestGateway; payload?: string; headers?: object } = {},
): Promise<LightMyRequestResponse> {
  const all = { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
  return to.http.inject({ method: "POST", url: "/graphql", headers: all, payload });
}

async function viewerOf(token: string): Promise<unknown> {
  return (await ask(token)).json().data?.viewer;
}

describe("a token of the issuer", () => {
  test.each(["es", "rs"])(
    "signed with its key %s speaks for the tenant, the subject and the scopes in it",
    async (kid) => {
      expect(await viewerOf(await sign(kid === "es" ? es : rs, claims()))).toEqual({
        credential: "ada@example.com",
        scopes: ["customers:read", "customers:write"],
        tenant: { code: tenant.code },
      });
    },
  );

  test("names its tenant by id or by code, whatever the case of the code", async () => {
    const inCapitals = await sign(es, claims({ tenant: tenant.code.toUpperCase() }));
    expect(await viewerOf(inCapitals)).toMatchObject({ tenant: { code: tenant.code } });
    // A code that looks like an id is none: else a tenant could be given the code that is another's id.
    const posing = await gateway.tenants.create(
      tenant.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")),
      "Posing",
    );
    expectRefused(await ask(await sign(es, claims({ tenant: posing.code }))));
  });

  test.each<[string, unknown, string[]]>([
    ["a list", ["customers:read", "work:write"], ["customers:read", "work:write"]],
    ["a text, with scopes of other systems in it", "openid profile customers:read", ["customers:read"]],
    ["a list with what is no text", [1, null, "customers:read", { a: 1 }], ["customers:read"]],
    ["the same twice", "customers:read customers:read", ["customers:read"]],
    ["everything", "*", ["*"]],
    ["nothing", undefined, []],
    ["a number", 7, []],
    ["names of what every object has", "constructor __proto__ toString", []],
  ])("has the scopes that its claim names: %s", async (_, scope, scopes) => {
    expect(await viewerOf(await sign(es, claims({ scope })))).toMatchObject({ scopes });
  });

  test("may be for several audiences, and 30 seconds off at both ends", async () => {
    const now = secondsNow();
    for (const more of [{ aud: ["other", AUDIENCE] }, { exp: now - 20 }, { nbf: now + 20 }]) {
      expect((await ask(await sign(es, claims(more)))).statusCode).toBe(200);
    }
  });

  test("writes as one credential, which the history and retries know again", async () => {
    const payload = JSON.stringify({ query: `mutation { createCustomer(input: { name: "By token" }) { id } }` });
    const headers = { "idempotency-key": "token-1" };
    // Another token of the same subject, as after it was renewed.
    const answers = [
      await ask(await sign(es, claims()), { payload, headers }),
      await ask(await sign(rs, claims({ exp: secondsNow() + 400 })), { payload, headers }),
    ].map((answer) => answer.json());
    expect(answers[0].errors).toBeUndefined();
    expect(answers[1]).toEqual(answers[0]);
    const history = await tenant.run(
      `query($id: ID!) { customer(by: { id: $id }) { history { nodes { credential credentialId } } } }`,
      { id: answers[0].data.createCustomer.id },
    );
    const [change, ...others] = history.customer.history.nodes;
    expect([change.credential, others]).toEqual(["ada@example.com", []]);
    // Another subject has an id of its own: the key is unused there.
    const other = (await ask(await sign(es, claims({ sub: "bo" })), { payload, headers })).json();
    expect(other.data.createCustomer.id).not.toBe(answers[0].data.createCustomer.id);
  });

  test("reaches nothing of another tenant", async () => {
    const stranger = await gateway.aTenant();
    await stranger.run(`mutation { createCustomer(input: { name: "Secret" }) { id } }`);
    const payload = JSON.stringify({ query: `{ customers(filter: { search: "secret" }) { totalCount } }` });
    const totals = [];
    for (const { id } of [tenant, stranger]) {
      totals.push((await ask(await sign(es, claims({ tenant: id })), { payload })).json().data.customers.totalCount);
    }
    expect(totals).toEqual([0, 1]);
  });
});

describe("a token is refused as any other credential", () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = (header: object, payload: object): string => `${part(header)}.${part(payload)}`;
  const withHmac = (text: string, secret: string | Buffer): string =>
    `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  const without = (name: string): JWTPayload => claims({ [name]: undefined }); // JSON leaves it out

  const cases: Record<string, () => Promise<string> | string> = {
    "with algorithm none": () => `${unsigned({ alg: "none", kid: "es" }, claims())}.`,
    "with algorithm None and the signature of another": async () => {
      const signature = (await sign(es, claims())).split(".")[2] ?? "";
      return `${unsigned({ alg: "None", kid: "es" }, claims())}.${signature}`;
    },
    "with the public key as the secret of HS256": async () =>
      withHmac(unsigned({ alg: "HS256", kid: "rs" }, claims()), await exportSPKI(rs.publicKey)),
    "with the public JWK as the secret of HS256": () =>
      withHmac(unsigned({ alg: "HS256", kid: "rs" }, claims()), JSON.stringify(rs.jwk)),
    "with an algorithm that is not configured": () => sign(wide, claims()),
    "of an unknown key": async () => sign(await aKey("unknown"), claims()),
    "of an unknown key under a known name": async () => sign(await aKey("es"), claims()),
    "that names no key": () => sign(es, claims(), { kid: undefined as never }),
    "that names an empty key": () => sign(es, claims(), { kid: "" }),
    "with its own key in its header": async () => {
      const own = await aKey("es");
      return sign(own, claims(), { jwk: own.jwk } as never);
    },
    "whose claims were changed": async () => {
      const [header, , signature] = (await sign(es, claims())).split(".");
      return `${header}.${part(claims({ scope: "*" }))}.${signature}`;
    },
    "with its signature cut off": async () => (await sign(es, claims())).replace(/[^.]*$/, ""),
    "of another issuer": () => sign(es, claims({ iss: "https://other.example/" })),
    "of an issuer but for a slash": () => sign(es, claims({ iss: ISSUER.slice(0, -1) })),
    "without an issuer": () => sign(es, without("iss")),
    "for another audience": () => sign(es, claims({ aud: "other" })),
    "without an audience": () => sign(es, without("aud")),
    "that has expired": () => sign(es, claims({ exp: secondsNow() - 31 })),
    "that never expires": () => sign(es, without("exp")),
    "whose end is no number": () => sign(es, claims({ exp: "2099-01-01" as never })),
    "that is not valid yet": () => sign(es, claims({ nbf: secondsNow() + 32 })),
    "of an unknown tenant": () => sign(es, claims({ tenant: "0197a000-0000-7000-8000-000000000000" })),
    "of an unknown tenant's code": () => sign(es, claims({ tenant: "nobody" })),
    "of no tenant": () => sign(es, without("tenant")),
    "of a list of tenants": () => sign(es, claims({ tenant: [tenant.id] })),
    "of a tenant that is a number": () => sign(es, claims({ tenant: 1 })),
    "of an empty tenant": () => sign(es, claims({ tenant: "" })),
    "of a tenant that cannot be stored": () => sign(es, claims({ tenant: "a\0" })),
    "of half a surrogate pair": () => sign(es, claims({ tenant: "\ud800" })),
    "of a pattern": () => sign(es, claims({ tenant: "%" })),
    "without a subject": () => sign(es, without("sub")),
    "of a subject that is no text": () => sign(es, claims({ sub: 1 as never })),
    "of a blank subject": () => sign(es, claims({ sub: " " })),
    "of a subject of more than 200 characters": () => sign(es, claims({ sub: "x".repeat(201) })),
    "of a subject on two lines": () => sign(es, claims({ sub: "a\nb" })),
    "that is no token": () => "a.b.c",
    "that is encrypted": () => "a.b.c.d.e",
    "that is a word": () => "word",
  };

  test.each(Object.keys(cases))("%s", async (what) => {
    const token = await cases[what]?.();
    expectRefused(await ask(token ?? ""));
    expect(gateway.unexpected).toEqual([]);
  });

  test("and the log names the reason, and nothing that was sent", async () => {
    logged.length = 0;
    const reasons = {
      "that has expired": "jwt_expired",
      "of another issuer": "jwt_claim_validation_failed",
      "whose claims were changed": "jws_signature_verification_failed",
      "of an unknown key": "jwks_no_matching_key",
      "with algorithm none": "jose_alg_not_allowed",
      "that is a word": "jws_invalid",
      "of no tenant": "jwt_tenant",
      "without a subject": "jwt_subject",
    };
    for (const what of Object.keys(reasons)) await ask((await cases[what]?.()) ?? "");
    expect(logged.map(({ reason }) => reason)).toEqual(Object.values(reasons));
    const names = ["level", "time", "pid", "hostname", "requestId", "status", "durationMs", "codes", "reason", "msg"];
    expect([...new Set(logged.flatMap((line) => Object.keys(line)))]).toEqual(names);
  });

  test("where no issuer is configured", async () => {
    const plain = await startGateway({ database: gateway.database });
    try {
      expectRefused(await ask(await sign(es, claims()), { to: plain }));
    } finally {
      await plain.close();
    }
  });

  test("beside a signature's header", async () => {
    expectRefused(await ask(await sign(es, claims()), { headers: { "x-client-id": "x" } }));
  });
});

test("a token that was accepted is refused when it has expired, though it is remembered for some seconds", async () => {
  const { exp = 0, ...rest } = claims({ exp: secondsNow() + 1 });
  const token = await sign(es, { ...rest, exp });
  expect((await ask(token)).statusCode).toBe(200);
  passSeconds(1.5); // what is remembered goes by this clock
  const now = Date.now;
  const later = now() + 40_000;
  jest.useFakeTimers({ now: later, doNotFake: NOT_FAKED });
  try {
    expectRefused(await ask(token));
  } finally {
    jest.useRealTimers();
  }
});

/** Only the date moves. */
const NOT_FAKED = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "requestIdleCallback",
  "cancelIdleCallback",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
] as const as never;

describe("the environment", () => {
  const complete = {
    JWT_JWKS_URL: "https://issuer.example/jwks",
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
  };

  test("says nothing of an issuer, or all that is needed", () => {
    expect(readConfig({}).jwt).toBeUndefined();
    expect(readConfig({ ...complete, JWT_ALGORITHMS: "PS256, ES384", JWT_TENANT_CLAIM: "org" }).jwt).toEqual({
      jwksUrl: "https://issuer.example/jwks",
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ["PS256", "ES384"],
      tenantClaim: "org",
      scopeClaim: "scope",
    });
    expect(readConfig(complete).jwt).toMatchObject({ algorithms: ["RS256", "ES256"], tenantClaim: "tenant" });
  });

  test.each<[Record<string, string>, RegExp]>([
    [{ JWT_ISSUER: ISSUER }, /^JWT_ISSUER needs JWT_JWKS_URL and JWT_AUDIENCE beside it$/],
    [{ ...complete, JWT_AUDIENCE: "" }, /^JWT_JWKS_URL, JWT_ISSUER needs JWT_AUDIENCE beside it$/],
    [{ JWT_SCOPE_CLAIM: "scp" }, /^JWT_SCOPE_CLAIM needs JWT_JWKS_URL and JWT_ISSUER and JWT_AUDIENCE beside it$/],
    [{ ...complete, JWT_JWKS_URL: "http://issuer.example/jwks" }, /^JWT_JWKS_URL must be an https:/],
    [{ ...complete, JWT_JWKS_URL: "http://localhost.example/jwks" }, /^JWT_JWKS_URL must be an https:/],
    [{ ...complete, JWT_JWKS_URL: "file:///etc/passwd" }, /^JWT_JWKS_URL must be an https:/],
    [{ ...complete, JWT_JWKS_URL: "jwks" }, /^JWT_JWKS_URL must be an https:/],
    [{ ...complete, JWT_ALGORITHMS: "RS256,HS256" }, /^JWT_ALGORITHMS must be some of RS256, /],
    [{ ...complete, JWT_ALGORITHMS: "none" }, /^JWT_ALGORITHMS must be some of RS256, /],
    [{ SIGNATURE_WINDOW_SECONDS: "0" }, /^SIGNATURE_WINDOW_SECONDS must be a whole number from 1 to 3600$/],
  ])("that says a part of it, or what would be no proof, is refused: %j", (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test.each(["http://localhost:9000/jwks", "http://127.0.0.1/jwks", "http://[::1]:1/jwks"])(
    "may name an issuer on this machine: %s",
    (url) => expect(readConfig({ ...complete, JWT_JWKS_URL: url }).jwt?.jwksUrl).toBe(url),
  );
});

describe("the issuer's keys", () => {
  let own: Issuer;
  let to: TestGateway;
  let clock: number;
  beforeEach(async () => {
    own = await startIssuer();
    to = await startGateway({ database: gateway.database, jwt: options(own) });
    clock = Date.now();
    jest.spyOn(Date, "now").mockImplementation(() => clock);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await to.close();
    own.close();
  });

  let count = 0;
  /** Whether a new token of a key is accepted. */
  const works = async (key: IssuerKey): Promise<boolean> => {
    const token = await sign(key, claims({ exp: Math.floor(clock / 1000) + 3600, jti: String(count++) }));
    return (await ask(token, { to })).statusCode === 200;
  };

  test("are fetched with the first token, once for many at a time, and not again for keys that are known", async () => {
    own.serve([es.jwk]);
    expect(own.fetches()).toBe(0);
    expect(await Promise.all(Array.from({ length: 8 }, () => works(es)))).toEqual(
      Array.from({ length: 8 }, () => true),
    );
    clock += 60_000;
    expect(await works(es)).toBe(true);
    expect(own.fetches()).toBe(1);
  });

  test("are fetched again for an unknown one, at most once in ten seconds", async () => {
    own.serve([es.jwk]);
    expect(await works(es)).toBe(true);
    own.serve([es.jwk, rs.jwk]);
    expect(await works(rs)).toBe(false);
    expect(own.fetches()).toBe(1);
    clock += 10_000;
    expect(await works(rs)).toBe(true);
    expect(own.fetches()).toBe(2);
    const unknown = await aKey("unknown");
    for (let second = 0; second < 40; second++) {
      clock += 1000;
      expect(await works(unknown)).toBe(false);
    }
    expect(own.fetches()).toBe(6);
    expect(await works(es)).toBe(true);
  });

  test("are kept while the issuer is out of order, and it is asked no more often then", async () => {
    own.serve([es.jwk]);
    expect(await works(es)).toBe(true);
    own.serve(undefined);
    const unknown = await aKey("unknown");
    clock += 3_600_000;
    for (let second = 0; second < 25; second++) {
      clock += 1000;
      expect([await works(es), await works(unknown)]).toEqual([true, false]);
    }
    expect(own.fetches()).toBe(4);
    own.serve([rs.jwk]);
    clock += 10_000;
    expect([await works(rs), await works(es)]).toEqual([true, false]);
  });

  test("that were not to be had yet are asked for again ten seconds later", async () => {
    own.serve(undefined);
    expect([await works(es), await works(es)]).toEqual([false, false]);
    expect(own.fetches()).toBe(1);
    own.serve([es.jwk]);
    clock += 10_000;
    expect(await works(es)).toBe(true);
    expect(own.fetches()).toBe(2);
  });

  test("that the issuer has withdrawn are trusted for ten minutes at most", async () => {
    own.serve([es.jwk, rs.jwk]);
    expect(await works(rs)).toBe(true);
    own.serve([es.jwk]);
    clock += 599_000;
    expect(await works(rs)).toBe(true);
    clock += 1000;
    expect(await works(rs)).toBe(false);
    expect(await works(es)).toBe(true);
  });

  test("are not believed where the answer is no set of keys", async () => {
    own.serve([es.jwk]);
    expect(await works(es)).toBe(true);
    own.serve({ not: "a list" } as never);
    clock += 600_000;
    expect(await works(es)).toBe(true);
    own.serve([{ ...es.jwk, kid: "secret", kty: "oct", k: "c2VjcmV0" }]);
    clock += 600_000;
    expect(await works({ ...es, kid: "secret" })).toBe(false);
  });
});
