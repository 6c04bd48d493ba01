import "reflect-metadata";
import { existsSync } from "node:fs";
import { type FastifyInstance } from "fastify";
import { parse, validate } from "graphql";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { demoQueries } from "../../src/demo/demo-queries";
import { seedDemo } from "../../src/demo/seed-demo";
import { addExplorer } from "../../src/http/explorer";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";

const SANDBOX = "https://studio.apollographql.com";

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  await seedDemo(gateway.app, tenant.id, new Date(), () => undefined);
}, 120_000);
afterAll(() => gateway.close());

/** A server with the explorer and a key of its own, as each start makes one. Whoever opens it closes it. */
async function openExplorer(): Promise<{ http: FastifyInstance; token: string }> {
  const { token } = await tenant.withScopes("*");
  const http = await openHttp(gateway, [SANDBOX]);
  await addExplorer(http, { token, queries: demoQueries });
  return { http, token };
}

describe("the page", () => {
  let http: FastifyInstance;
  let token: string;
  beforeAll(async () => {
    ({ http, token } = await openExplorer());
  });
  afterAll(() => http.close());

  const open = (host: string, remoteAddress = "127.0.0.1", headers: Record<string, string> = {}) =>
    http.inject({ url: "/", remoteAddress, headers: { host, ...headers } });

  test.each([
    ["localhost:4000", "127.0.0.1"],
    ["LOCALHOST", "::ffff:127.0.0.1"],
    ["127.0.0.1:4000", "127.0.0.1"],
    ["[::1]:4000", "::1"],
  ])("has the key where %s is opened from %s", async (host, remoteAddress) => {
    const { statusCode, body } = await open(host, remoteAddress);
    expect(statusCode).toBe(200);
    expect(body).toContain(token);
  });

  test.each([
    ["elsewhere.example", "127.0.0.1", {}], // a name that points here: DNS rebinding
    ["localhost.elsewhere.example", "127.0.0.1", {}],
    ["127.0.0.1.elsewhere.example:4000", "127.0.0.1", {}],
    ["192.168.1.5:4000", "192.168.1.7", {}],
    ["localhost:4000", "192.168.1.7", {}],
    ["localhost:4000", "127.0.0.1", { "x-forwarded-for": "203.0.113.9" }],
    ["localhost:4000", "127.0.0.1", { forwarded: "for=203.0.113.9" }],
  ])("has no key where %s is opened from %s with %o", async (host, remoteAddress, headers) => {
    const { statusCode, body } = await open(host, remoteAddress, headers);
    expect(statusCode).toBe(200);
    expect(body).toContain("put-your-API-key-here");
    expect(body).not.toMatch(/ck_/);
  });

  test("is kept nowhere, framed nowhere, and read by no other site", async () => {
    const { headers } = await open("localhost:4000", "127.0.0.1", { origin: SANDBOX });
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(
        /^default-src 'none';.*connect-src 'self';.*frame-ancestors 'none'/,
      ),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("has its files beside it, and opens nothing else", async () => {
    const statusOf = async (url: string) => (await http.inject({ url })).statusCode;
    expect(await statusOf("/explorer/main.js")).toBe(200);
    expect(await statusOf("/explorer/index.html")).toBe(404);
    expect(await statusOf("/explorer/%2e%2e/%2e%2e/package.json")).toBe(404);
    expect(await statusOf("/graphql")).toBe(401);
  });
});

test("is not there unless added: / is not found", async () => {
  const { statusCode, body } = await gateway.http.inject({ url: "/" });
  expect([statusCode, JSON.parse(body)]).toEqual([404, { error: expect.stringContaining("POST /graphql") }]);
});

describe("the ready operations", () => {
  test("are at least eight, of different names, the first three without variables", () => {
    expect(new Set(demoQueries.map(({ title }) => title)).size).toBe(demoQueries.length);
    expect(demoQueries.length).toBeGreaterThanOrEqual(8);
    expect(demoQueries.slice(0, 3).map(({ variables }) => variables)).toEqual([undefined, undefined, undefined]);
  });

  test.each(demoQueries)("fit schema and demo data: $title", async ({ query, variables = "{}" }) => {
    expect(validate(gateway.app.schema, parse(query))).toEqual([]);
    const data = await tenant.run<Record<string, any>>(query, JSON.parse(variables));
    for (const found of Object.values(data)) {
      expect(found).toBeTruthy();
      expect(found.nodes ?? found.items ?? [found]).not.toHaveLength(0);
    }
  });
});

/** Chromium or Chrome on this machine; CHROMIUM_PATH for one that stands elsewhere. */
const browserPath =
  process.env["CHROMIUM_PATH"] ??
  [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ].find((path) => existsSync(path));
const isSkipped = browserPath === undefined && process.env["CI"] !== "true";
if (isSkipped)
  process.stderr.write("Skipped the explorer in a browser: no Chromium here. Install one or set CHROMIUM_PATH.\n");

(isSkipped ? describe.skip : describe)("in a browser (Chromium, or CHROMIUM_PATH)", () => {
  let browser: Browser;
  beforeAll(async () => {
    if (browserPath === undefined) throw new Error("No Chromium found. Install it, or set CHROMIUM_PATH.");
    browser = await chromium.launch({
      executablePath: browserPath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }, 120_000);
  afterAll(() => browser?.close());

  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** @returns the server's address */
  const listen = ({ http }: { http: FastifyInstance }, port = 0): Promise<string> => {
    closing.push(() => stop(http));
    return http.listen({ host: "127.0.0.1", port });
  };
  /** Browsers hold connections in reserve, on which a server would wait for a request. */
  const stop = async (http: FastifyInstance): Promise<void> => {
    const closed = http.close();
    http.server.on("connection", (socket) => socket.destroy()).closeAllConnections();
    await closed;
  };
  const openBrowser = async (): Promise<BrowserContext> => {
    const context = await browser.newContext();
    closing.unshift(() => context.close());
    return context;
  };

  test("opens at the first ready operation, runs it and shows the answer, asking no other host", async () => {
    const origin = await listen(await openExplorer());
    const context = await openBrowser();
    const asked: string[] = [];
    const complaints: string[] = [];
    context.on("request", (request) => asked.push(request.url()));
    context.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    const page = await context.newPage();
    await page.goto(origin);

    await send(page);
    await answer(page).getByText('"C-10001"').waitFor();
    await tab(page, "Taxonomy").click();
    await send(page);
    await answer(page).getByText('"Active"').first().waitFor();
    for (const { title } of demoQueries) expect(await tab(page, title).count()).toBe(1);

    expect(asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
    expect(asked).toContain(`${origin}/graphql`);
    expect(complaints).toEqual([]);
  }, 120_000);

  test("keeps what was written, but not the key of a server that was started anew", async () => {
    const former = await openExplorer();
    const origin = await listen(former);
    const page = await (await openBrowser()).newPage();
    await page.goto(origin);
    await tab(page, "Page by page").click();
    await shown(page, "app-query-editor .cm-content").click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("# mine\n");
    // As Altair keeps variables that somebody has edited; those called headers are sent with each request.
    const variablesJson = JSON.stringify({ apiKey: former.token, headers: { "x-mine": "1" } });
    const environments = JSON.stringify({ base: { variablesJson }, subEnvironments: [] });
    await page.evaluate(`(async () => {
      const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      const database = await done(indexedDB.open("AltairDB"));
      const states = () => database.transaction("appState", "readwrite").objectStore("appState");
      const isKept = async () => (await done(states().getAll())).some(({ value }) => value.includes("# mine"));
      while (!(await isKept())) await new Promise(requestAnimationFrame);
      await done(states().put(${JSON.stringify({ key: "[clientele_]::environments", value: environments })}));
      database.close();
    })()`);

    await stop(former.http);
    const now = await openExplorer();
    await listen(now, Number(new URL(origin).port));
    await page.reload();
    await shown(page, "app-query-editor").getByText("# mine").waitFor();
    const request = page.waitForRequest((sent) => sent.postData()?.includes("# mine") ?? false);
    await send(page);
    expect((await request).headers()).toMatchObject({ authorization: `Bearer ${now.token}`, "x-mine": "1" });
    await answer(page).getByText('"hasNextPage"').waitFor();
  }, 120_000);
});

const tab = (page: Page, title: string) => page.locator(".window-switcher__item").getByText(title, { exact: true });
const shown = (page: Page, selector: string) => page.locator(`app-window:not(.hide) ${selector}`);
const send = (page: Page) => shown(page, ".send-request__button").click();
const answer = (page: Page) => shown(page, "app-query-result");
