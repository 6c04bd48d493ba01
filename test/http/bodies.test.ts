import { gzipSync } from "node:zlib";
import { type FastifyInstance } from "fastify";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";
import { openSocket, readToEnd, requestHead } from "./raw-request";

let gateway: TestGateway;
let tenant: TestTenant;
let http: FastifyInstance;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  http = await openHttp(gateway);
  await http.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await http.close();
  await gateway.close();
});

const CREATE = "mutation ($name: String!) { createCustomer(input: { name: $name }) { name } }";
const body = (name: string): string => JSON.stringify({ query: CREATE, variables: { name } });

function post(
  payload: string | Buffer,
  headers: Record<string, string> = {},
): Promise<{ statusCode: number; json: () => any; body: string }> {
  const authorization = `Bearer ${tenant.token}`;
  const all = { authorization, "content-type": "application/json", ...headers };
  return http.inject({ method: "POST", url: "/graphql", headers: all, payload });
}

const customers = async (): Promise<number> => (await tenant.run("{ customers { totalCount } }")).customers.totalCount;

describe("a body that is too large", () => {
  test("is refused by its declared length, before any of it is read", async () => {
    const received = await readToEnd(openSocket(http, requestHead(tenant.token, { "content-length": 2 ** 31 })));
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toMatch(/^connection: close\r$/im);
    expect(received).toContain('"message":"The request is too large. Send less at once."');
  });

  test("is refused where its length is not declared, as soon as it is too large", async () => {
    const socket = openSocket(http, requestHead(tenant.token, { "transfer-encoding": "chunked" }));
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    const sending = setInterval(() => socket.write(chunk), 1); // without end
    const received = await readToEnd(socket).finally(() => clearInterval(sending));
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("is not read for who has no credential", async () => {
    const received = await readToEnd(
      openSocket(http, requestHead("ck_unknown", { "content-length": 1000, connection: "close" })),
    );
    expect(received).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("a body", () => {
  test.each(["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])(
    "of type %s is read, with every character as it was sent",
    async (type) => {
      const name = "Nguyễn Thị Ánh 🌸 \u{1F469}\u200D\u{1F467}";
      const answer = await post(body(name), { "content-type": type });
      expect(answer.json()).toEqual({ data: { createCustomer: { name } } });
    },
  );

  test.each([
    "text/plain",
    "text/plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-7",
    "application/json; charset=utf-16",
    "application/json; charset=utf-16le",
    "application/json; charset=iso-8859-1",
    "application/jsonp",
    "application/graphql",
    "json",
  ])("of type %s is refused", async (type) => {
    const before = await customers();
    const answer = await post(body("refused"), { "content-type": type });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().errors).toEqual([
      {
        message: "Send the request as application/json in UTF-8, not compressed.",
        extensions: { code: "BAD_REQUEST", requestId: expect.any(String) },
      },
    ]);
    expect(await customers()).toBe(before);
  });

  test.each(["gzip", "deflate", "br", "x-gzip", "gzip, identity"])("encoded as %s is refused", async (encoding) => {
    const packed = await post(gzipSync(body("refused")), { "content-encoding": encoding });
    expect(packed.statusCode).toBe(415);
    const plain = await post(body("refused"), { "content-encoding": encoding });
    expect(plain.statusCode).toBe(415);
  });

  test("that says it is not encoded is read", async () => {
    expect((await post(body("identity"), { "content-encoding": "identity" })).statusCode).toBe(200);
  });

  test.each<[string, readonly number[]]>([
    ["a byte that begins nothing", [0xff]],
    ["half a character", [0xe1, 0xbb]],
    ["a character written too long", [0xc0, 0x80]],
    ["half a surrogate pair", [0xed, 0xa0, 0x80]],
    ["a character beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
  ])("with %s is refused, and nothing is replaced in it", async (_what, bytes) => {
    const before = await customers();
    const [start = "", end = ""] = body("NAME").split("NAME");
    const answer = await post(Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)]));
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].extensions.code).toBe("BAD_REQUEST");
    expect(answer.body).not.toContain("\uFFFD");
    expect(await customers()).toBe(before);
  });

  test.each([
    ["half a surrogate pair, escaped", "\\ud800"],
    ["U+0000, escaped", "\\u0000"],
  ])("with %s is refused with the place of it", async (_what, escaped) => {
    const answer = await post(body("NAME").replace("NAME", escaped));
    expect(answer.json().errors[0].extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      problems: [{ path: ["input", "name"], code: "INVALID_TEXT" }],
    });
  });
});
