import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { pino } from "pino";
import { formatClientId, parseClientId } from "../../src/auth/client-id";
import { type CreatedSecret } from "../../src/auth/signing-client.service";
import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "../http/open-http";
import { aClient, aClock, expectRefused, passSeconds, secondsNow, send, signed, VIEWER } from "./signing";

const keyring = [{ id: "test", key: randomBytes(32) }] as const;
const logged: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line) as (typeof logged)[0]) });

let gateway: TestGateway;
/** Another process on the same database. */
let other: TestGateway;
let tenant: TestTenant;
let client: CreatedSecret;
const tick = aClock();
beforeAll(async () => {
  gateway = await startGateway({ keyring, log });
  other = await startGateway({ keyring, database: gateway.database, poolSize: 1 }); // one connection is enough
  tenant = await gateway.aTenant();
  client = await aClient(gateway, tenant.id, "customers:read", "customers:write");
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await other.close();
  await gateway.close();
});

/** Rows as the superuser sees them. */
function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return withClient(gateway.database.superuserUrl, async (db) => (await db.query<Row>(sql, values)).rows);
}

const createOne = (name: string): string =>
  JSON.stringify({
    query: "mutation($n: String) { createCustomer(input: { name: $n }) { id } }",
    variables: { n: name },
  });
const customersCalled = async (name: string): Promise<number> =>
  (await rows("select 1 from customers where tenant_id = $1 and name = $2", [tenant.id, name])).length;

describe("a signed request", () => {
  test("is the tenant's that the client belongs to, with the client's scopes", async () => {
    const response = await send(gateway, signed(client, { timestamp: tick() }));
    expect([response.statusCode, response.json()]).toEqual([
      200,
      {
        data: {
          viewer: {
            credential: "nightly sync",
            scopes: ["customers:read", "customers:write"],
            tenant: { code: tenant.code },
          },
        },
      },
    ]);
    const denied = await send(
      gateway,
      signed(client, {
        timestamp: tick(),
        payload: JSON.stringify({ query: `mutation { updateSettings(input: {}) { codePrefix } }` }),
      }),
    );
    expect(denied.json().errors[0].extensions.code).toBe("FORBIDDEN");
  });

  test("by GET is signed over its path, its query, and an empty body", async () => {
    const url = `/graphql?query=${encodeURIComponent("{ viewer { tenant { code } } }")}`;
    const { statusCode, headers, ...rest } = await send(gateway, signed(client, { method: "GET", url }));
    expect([statusCode, rest.json().data.viewer.tenant.code]).toEqual([200, tenant.code]);
    expect(headers["content-type"]).toMatch(/json/);
  });

  test("is told by the history as the client's", async () => {
    await send(gateway, signed(client, { timestamp: tick(), payload: createOne("Told") }));
    const [change] = await rows<object>(
      "select h.credential_id, h.credential_name from customer_changes h join customers c on c.id = h.customer_id where c.name = 'Told'",
    );
    expect(change).toEqual({ credential_id: parseClientId(client.id)?.id, credential_name: "nightly sync" });
  });

  test("may be one of twenty in one second", async () => {
    const timestamp = tick();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        send(at % 2 ? gateway : other, signed(client, { timestamp, payload: createOne(`Twenty ${at}`) })),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(answers.flatMap((answer) => answer.json().errors ?? [])).toEqual([]);
  });

  test("of which one thing was changed is refused: method, path, query, body, time, client, signature", async () => {
    const twin = await aClient(gateway, tenant.id);
    const right = (): ReturnType<typeof signed> => signed(client, { timestamp: tick(), payload: createOne("Forged") });
    const withHeader = (name: string, change: (value: string) => string) => {
      const request = right();
      return { ...request, headers: { ...request.headers, [name]: change(request.headers[name] ?? "") } };
    };
    const get = `/graphql?query=${encodeURIComponent("{ viewer { credential } }")}`;
    const signedGet = signed(client, { method: "GET", url: get, timestamp: tick() });
    const forged = {
      method: { ...signedGet, method: "POST" as const },
      "method to HEAD": { ...signedGet, method: "HEAD" as const },
      path: { ...right(), url: "/graphql/" },
      query: { ...signedGet, url: `${get}%20` },
      "query added": { ...right(), url: "/graphql?x" },
      body: { ...right(), payload: createOne("Forged!") },
      "body by a space": { ...right(), payload: `${createOne("Forged")} ` },
      "body left out": { ...right(), payload: "" },
      time: withHeader("x-timestamp", (time) => String(Number(time) + 1)),
      client: withHeader("x-client-id", () => twin.id),
      "client to an unknown one": withHeader("x-client-id", () =>
        formatClientId({ tenantId: tenant.id, id: randomUUID() }),
      ),
      "signature by a bit": withHeader(
        "x-signature",
        (text) => `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`,
      ),
      "secret of another client": signed({ id: client.id, secret: twin.secret }, { timestamp: tick() }),
      "no secret": signed({ id: client.id, secret: "" }, { timestamp: tick() }),
    };
    for (const [what, request] of Object.entries(forged)) {
      const response = await send(gateway, request);
      // The route /graphql/ does not exist: nothing behind it runs.
      if (what === "path") expect(response.statusCode).toBe(404);
      else if (what === "method to HEAD") expect(response.statusCode).toBe(401);
      else expectRefused(response);
    }
    expect(await customersCalled("Forged")).toBe(0);
    expect(await customersCalled("Forged!")).toBe(0);
    // Unchanged, the same request is a good one.
    expect((await send(gateway, right())).statusCode).toBe(200);
    expect(await customersCalled("Forged")).toBe(1);
  });

  test.each([
    ["a signature that is too short", { "x-signature": "ab".repeat(31) }],
    ["a signature that is too long", { "x-signature": "ab".repeat(33) }],
    ["a signature of other characters", { "x-signature": "zz".repeat(32) }],
    ["a signature in two bytes a character", { "x-signature": "é".repeat(32) }],
    ["an empty signature", { "x-signature": "" }],
    ["nine digits of time", { "x-timestamp": "176380000" }],
    ["eleven digits of time", { "x-timestamp": "17638000000" }],
    ["a time in milliseconds", { "x-timestamp": "1763800000000" }],
    ["a time with a sign", { "x-timestamp": "+763800000" }],
    ["a time with an exponent", { "x-timestamp": "1763800e03" }],
    ["a time that is a text", { "x-timestamp": "2026-11-22" }],
    ["an API key as its client", { "x-client-id": "ck_x" }],
    ["a UUID as its client", { "x-client-id": randomUUID() }],
    ["two clients", { "x-client-id": "a, b" }],
  ])("with %s is refused as any other", async (_, headers) => {
    const request = signed(client, { timestamp: tick() });
    expectRefused(await send(gateway, { ...request, headers: { ...request.headers, ...headers } }));
    expect(gateway.unexpected).toEqual([]);
  });

  test("has one form of signature: in capitals it is refused, used or not", async () => {
    const request = signed(client, { timestamp: tick() });
    const headers = { ...request.headers, "x-signature": request.headers["x-signature"]?.toUpperCase() ?? "" };
    expectRefused(await send(gateway, { ...request, headers }));
    expect((await send(gateway, request)).statusCode).toBe(200);
    expectRefused(await send(gateway, { ...request, headers }));
  });

  test.each(["x-client-id", "x-timestamp", "x-signature"])("without %s is refused", async (name) => {
    const request = signed(client, { timestamp: tick() });
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([other]) => other !== name));
    expectRefused(await send(gateway, { ...request, headers }));
  });

  test("is accepted up to 300 seconds before and after the time it names, not at 301", async () => {
    const now = Date.now();
    jest.spyOn(Date, "now").mockReturnValue(now);
    for (const offset of [-300, 300]) {
      const at = (seconds: number): string => String(Math.floor(now / 1000) + seconds);
      const payload = JSON.stringify({ query: `{ viewer { credential } } # ${offset}` });
      expect((await send(gateway, signed(client, { payload, timestamp: at(offset) }))).statusCode).toBe(200);
      expectRefused(await send(gateway, signed(client, { payload, timestamp: at(offset + Math.sign(offset)) })));
    }
  });
});

describe("a signature is accepted once", () => {
  test("by the same gateway, by another on the database, and by one that was started anew", async () => {
    const request = signed(client, { timestamp: tick(), payload: createOne("Once") });
    expect((await send(gateway, request)).statusCode).toBe(200);
    expectRefused(await send(gateway, request));
    expectRefused(await send(other, request));
    const restarted = await startGateway({ keyring, database: gateway.database });
    try {
      expectRefused(await send(restarted, request));
    } finally {
      await restarted.close();
    }
    expect(await customersCalled("Once")).toBe(1);
  });

  test("by one of many at the same moment", async () => {
    const request = signed(client, { timestamp: tick(), payload: createOne("At once") });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => send(at % 2 ? gateway : other, request)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 401)]);
    expect(await customersCalled("At once")).toBe(1);
  });

  test.each([
    ["only read", JSON.stringify({ query: "{ customers(first: 1) { totalCount } }" }), 200],
    [
      "failed",
      JSON.stringify({ query: `mutation { deleteCustomer(by: { id: "${randomUUID()}" }) { __typename } }` }),
      200,
    ],
    ["was no JSON", "{", 400],
  ])("also where what it signed %s", async (_, payload, status) => {
    const request = signed(client, { timestamp: tick(), payload });
    expect((await send(gateway, request)).statusCode).toBe(status);
    expectRefused(await send(other, request));
  });

  test("and two clients may make alike requests in one second", async () => {
    const timestamp = tick();
    const twin = await aClient(gateway, tenant.id);
    for (const one of [client, twin]) expect((await send(gateway, signed(one, { timestamp }))).statusCode).toBe(200);
  });

  test("and is forgotten when no gateway would accept it any more", async () => {
    const insert =
      "insert into used_signatures (tenant_id, signature_hash, signed_at) values ($1, $2, now() - $3::interval)";
    const elsewhere = await gateway.aTenant();
    for (const [owner, age] of [
      [tenant.id, "601 seconds"],
      [tenant.id, "2 days"],
      [tenant.id, "590 seconds"],
      [elsewhere.id, "2 days"],
    ] as const) {
      await rows(insert, [owner, randomBytes(32), age]);
    }
    await send(gateway, signed(client, { timestamp: tick() }));
    const left = (id: string): Promise<object[]> =>
      rows("select 1 from used_signatures where tenant_id = $1 and signed_at < now() - interval '500 seconds'", [id]);
    expect(await left(tenant.id)).toHaveLength(1);
    expect(await left(elsewhere.id)).toHaveLength(1);
  });
});

describe("a client", () => {
  const ownId = ({ id }: CreatedSecret): string => parseClientId(id)?.id ?? "";
  const rotate = async (one: CreatedSecret, keepMs: number): Promise<CreatedSecret> => {
    const { database, services } = gateway.app;
    const made = await database.write(tenant.id, (scope) => services.signingClients.rotate(scope, ownId(one), keepMs));
    if (!made) throw new Error("There is no such client");
    return made;
  };

  test("signs with two secrets while they are exchanged, and never with three", async () => {
    const first = await aClient(gateway, tenant.id);
    const works = async (one: CreatedSecret): Promise<boolean> =>
      (await send(other, signed(one, { timestamp: tick() }))).statusCode === 200;
    expect(await works(first)).toBe(true);
    const second = await rotate(first, 60_000);
    expect(second.id).toBe(first.id);
    passSeconds(5);
    expect([await works(first), await works(second)]).toEqual([true, true]);
    const third = await rotate(first, 60_000);
    passSeconds(5);
    expect([await works(first), await works(second), await works(third)]).toEqual([false, true, true]);
    const fourth = await rotate(first, 0);
    passSeconds(5);
    expect([await works(third), await works(fourth)]).toEqual([false, true]);
  });

  test("that was revoked is refused by every gateway within five seconds, and cannot get a new secret", async () => {
    const one = await aClient(gateway, tenant.id);
    expect((await send(other, signed(one, { timestamp: tick() }))).statusCode).toBe(200);
    const { database, services } = gateway.app;
    const revoke = (): Promise<boolean> =>
      database.write(tenant.id, (scope) => services.signingClients.revoke(scope, ownId(one)));
    expect([await revoke(), await revoke()]).toEqual([true, false]);
    passSeconds(5);
    expectRefused(await send(other, signed(one, { timestamp: tick() })));
    await expect(rotate(one, 0)).rejects.toThrow("no such client");
  });

  test("of one tenant is unknown in another, whose administrator cannot touch it", async () => {
    const stranger = await gateway.aTenant();
    const { database, services } = gateway.app;
    const id = ownId(client);
    const posing = { id: formatClientId({ tenantId: stranger.id, id }), secret: client.secret };
    expectRefused(await send(gateway, signed(posing, { timestamp: tick() })));
    const inStranger = await database.write(stranger.id, async (scope) => [
      await services.signingClients.revoke(scope, id),
      await services.signingClients.rotate(scope, id, 0),
      await services.signingClients.list(scope),
    ]);
    expect(inStranger).toEqual([false, undefined, []]);
    expect((await send(gateway, signed(client, { timestamp: tick() }))).statusCode).toBe(200);
  });

  test("signs on with both secrets when the encryption key is exchanged", async () => {
    const first = await aClient(gateway, tenant.id);
    const second = await rotate(first, 60_000);
    const key = { id: "next", key: randomBytes(32) };
    const { database } = gateway;
    const both = await startGateway({ database, keyring: [key, ...keyring] });
    const alone = await startGateway({ database, keyring: [key] });
    try {
      expect((await send(alone, signed(second, { timestamp: tick() }))).statusCode).toBe(500);
      await both.app.keys.rotate(tenant.id);
      expect((await both.app.keys.uses(tenant.id)).map(({ keyId }) => keyId)).not.toContain("test");
      for (const one of [first, second]) {
        expect((await send(alone, signed(one, { timestamp: tick() }))).statusCode).toBe(200);
      }
      // Back again, for the tests that follow.
      const back = await startGateway({ database, keyring: [...keyring, key] });
      await back.app.keys.rotate(tenant.id);
      await back.close();
    } finally {
      await both.close();
      await alone.close();
    }
  });

  test("has its secret in the database as ciphertext that is worth nothing in another row", async () => {
    const [one, two] = [await aClient(gateway, tenant.id), await aClient(gateway, tenant.id)];
    const stored = await rows<{ row: string }>("select c::text as row from signing_clients c");
    for (const { secret } of [one, two]) {
      const inHex = Buffer.from(secret).toString("hex");
      expect(stored.filter(({ row }) => row.includes(secret) || row.includes(inHex))).toEqual([]);
    }
    await rows(
      "update signing_clients c set secret_ciphertext = o.secret_ciphertext from signing_clients o where c.id = $1 and o.id = $2",
      [ownId(one), ownId(two)],
    );
    const posing = { id: one.id, secret: two.secret };
    expect((await send(other, signed(posing, { timestamp: tick() }))).statusCode).toBe(500);
  });
});

describe("more than one credential, or none, is refused as any other", () => {
  let port: number;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    const http = await openHttp(gateway);
    await http.listen({ host: "127.0.0.1", port: 0 });
    port = (http.server.address() as AddressInfo).port;
    close = () => http.close();
  });
  afterAll(() => close());

  /** An answer to what is sent as it is written here; the body may be missing. */
  async function raw(head: string[], body = ""): Promise<{ status: number; headers: string; body: string }> {
    const socket = connect(port, "127.0.0.1");
    try {
      socket.write([...head, "", body].join("\r\n"));
      let text = "";
      for await (const chunk of socket) {
        text += String(chunk);
        const [headers = "", answer] = text.split("\r\n\r\n");
        const length = Number(/content-length: (\d+)/i.exec(headers)?.[1]);
        if (answer !== undefined && Buffer.byteLength(answer) >= length) {
          return { status: Number(/^HTTP\/1.1 (\d+)/.exec(headers)?.[1]), headers, body: answer };
        }
      }
      throw new Error(`It hung up after: ${text}`);
    } finally {
      socket.destroy();
    }
  }

  const lines = (headers: Record<string, string>): string[] =>
    Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const post = (headers: string[], body: string): Promise<{ status: number; headers: string; body: string }> =>
    raw(["POST /graphql HTTP/1.1", "host: x", `content-length: ${Buffer.byteLength(body)}`, ...headers], body);
  const json = "content-type: application/json";

  test("over real HTTP", async () => {
    const key = `authorization: Bearer ${tenant.token}`;
    const bodies = new Set<string>();
    const signedLines = (): string[] => lines(signed(client, { timestamp: tick() }).headers);
    const [firstLine = "", ...others] = signedLines();
    for (const headers of [
      [json],
      [json, key, key],
      [json, key, "authorization: Bearer ck_x"],
      [json, "authorization: Bearer ck_x", key],
      [key, ...signedLines()],
      [json, key, "x-client-id: x"],
      [json, key, "x-signature: x"],
      [json, key, "x-timestamp: x"],
      [json, key, "x-client-id:"],
      [firstLine, firstLine, ...others],
      [json, "authorization:", "authorization:"],
    ]) {
      const answer = await post(headers, VIEWER);
      expect([headers, answer.status]).toEqual([headers, 401]);
      bodies.add(answer.body.replace(/"requestId":"[^"]+"/, ""));
    }
    expect([...bodies]).toHaveLength(1);
    expect((await post([json, key], VIEWER)).status).toBe(200);
    expect((await post(signedLines(), VIEWER)).status).toBe(200);
  });

  test("what its headers say is wrong is answered before the body has come", async () => {
    const head = ["POST /graphql HTTP/1.1", "host: x", "content-length: 1000"];
    const unknown = { ...client, id: formatClientId({ tenantId: tenant.id, id: randomUUID() }) };
    const old = { timestamp: String(secondsNow() - 400) };
    for (const request of [signed(unknown), signed(client, old), signed({ ...client, id: "x" })]) {
      expect((await raw([...head, ...lines(request.headers)])).status).toBe(401);
    }
  });

  test("a body that says it is too large is refused before it has come", async () => {
    const head = ["POST /graphql HTTP/1.1", "host: x", `content-length: ${2 ** 20 + 1}`];
    const answer = await raw([...head, ...lines(signed(client, { timestamp: tick() }).headers)]);
    expect([answer.status, /connection: close/i.test(answer.headers)]).toEqual([413, true]);
    const unknown = { ...client, id: formatClientId({ tenantId: tenant.id, id: randomUUID() }) };
    expect((await raw([...head, ...lines(signed(unknown).headers)])).status).toBe(401);
  });

  test("a body that says nothing of its length is refused at the limit", async () => {
    const head = ["POST /graphql HTTP/1.1", "host: x", "transfer-encoding: chunked"];
    const size = 2 ** 20 + 1;
    const body = `${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`;
    const answer = await raw([...head, ...lines(signed(client, { timestamp: tick() }).headers)], body);
    expect(answer.status).toBe(413);
  });

  test("a refused signature leaves the connection open for the next request", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (headers: Record<string, string>): Promise<{ status: number; isReused: boolean }> => {
      const request = httpRequest({ port, host: "127.0.0.1", path: "/graphql", method: "POST", agent, headers });
      request.end(VIEWER);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      response.resume();
      await once(response, "end");
      return { status: response.statusCode ?? 0, isReused: request.reusedSocket };
    };
    const wrong = signed({ ...client, secret: "x" }, { timestamp: tick() }).headers;
    expect(await ask(wrong)).toEqual({ status: 401, isReused: false });
    expect(await ask(signed(client, { timestamp: tick() }).headers)).toEqual({ status: 200, isReused: true });
    agent.destroy();
  });
});

describe("a body", () => {
  const ask = async (
    contentType: string | undefined,
    payload: string | Buffer,
  ): Promise<{ status: number; code?: string }> => {
    const headers = { authorization: `Bearer ${tenant.token}`, ...(contentType && { "content-type": contentType }) };
    const response = await gateway.http.inject({ method: "POST", url: "/graphql", headers, payload });
    return { status: response.statusCode, code: response.json().errors?.[0].extensions.code };
  };

  test.each(["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])(
    "of type %s is read",
    async (type) => expect(await ask(type, VIEWER)).toEqual({ status: 200, code: undefined }),
  );

  test.each([
    "application/json; charset=utf-7",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "application/json, application/json",
    "application/jsonp",
    "text/plain",
    "text/json",
    "multipart/form-data; boundary=x",
    "x",
    undefined,
  ])("of type %s is not", async (type) =>
    expect(await ask(type, VIEWER)).toEqual({ status: 415, code: "BAD_REQUEST" }),
  );

  test("that is not UTF-8 is refused, not read as something else", async () => {
    const payload = Buffer.from(createOne("Ren\xe9e"), "latin1");
    expect(await ask("application/json", payload)).toEqual({ status: 400, code: "BAD_REQUEST" });
  });

  test("of another type is looked at only with a signature that is right", async () => {
    const request = signed(client, { timestamp: tick() });
    const headers = { ...request.headers, "content-type": "text/plain" };
    expect((await send(gateway, { ...request, headers })).statusCode).toBe(415);
    expectRefused(await send(gateway, { ...request, headers, payload: `${VIEWER} ` }));
  });
});

test("the log names the reason of a refusal, and nothing that was sent", async () => {
  logged.length = 0;
  const twin = await aClient(gateway, tenant.id);
  const used = signed(client, { timestamp: tick() });
  await send(gateway, used);
  for (const request of [
    { method: "POST" as const, url: "/graphql", payload: VIEWER },
    used,
    signed({ ...client, secret: twin.secret }, { timestamp: tick() }),
    signed(client, { timestamp: "1000000000" }),
    signed({ ...client, id: formatClientId({ tenantId: tenant.id, id: randomUUID() }) }, { timestamp: tick() }),
  ]) {
    await send(gateway, request);
  }
  const refusals = logged.filter(({ reason }) => reason !== undefined);
  expect(refusals.map(({ reason }) => reason)).toEqual([
    "no_credential",
    "signature_used",
    "signature_wrong",
    "signature_time",
    "client_unknown",
  ]);
  const names = ["level", "time", "pid", "hostname", "requestId", "status", "durationMs", "codes", "reason", "msg"];
  expect([...new Set(refusals.flatMap((line) => Object.keys(line)))]).toEqual(names);
});
