import { randomBytes } from "node:crypto";
import { type OutgoingHttpHeaders } from "node:http";
import fastifyStatic from "@fastify/static";
import { getAltairHtml, getDistDirectory, isSandboxFrame, renderInitSnippet, type RenderOptions } from "altair-static";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { type ReadyQuery } from "../demo/demo-queries";

export interface ExplorerOptions {
  /** Put into the page for who opens it on this machine. */
  readonly token: string | undefined;
  /** Each gets a window. */
  readonly queries: readonly ReadyQuery[];
}

const ENDPOINT = "/graphql";
const FILES = "/explorer/";
/** What the page keeps in the browser stands under this name. */
const STORAGE = "clientele_";
const NO_KEY = "put-your-API-key-here";

/** Altair, a GraphQL IDE, at /: served from here with all its files, so that it works without internet. */
export async function addExplorer(app: FastifyInstance, { token, queries }: ExplorerOptions): Promise<void> {
  await app.register(fastifyStatic, {
    root: getDistDirectory(),
    prefix: FILES,
    index: false,
    decorateReply: false,
    // Not the page without its options, nor the frame for plugins.
    allowedPath: (path) => path !== "/index.html" && !isSandboxFrame(path),
    setHeaders: (reply) => {
      void reply.headers({ "Content-Security-Policy": policyWith(SCRIPTS), "X-Content-Type-Options": "nosniff" });
    },
  });
  // No other site's page may read this one, not even one that may call the endpoint.
  app.get("/", { config: { cors: false } }, (request, reply) => {
    const nonce = randomBytes(16).toString("base64");
    const key = isFromThisMachine(request) ? token : undefined;
    return reply.headers(pageHeaders(nonce)).send(renderPage(queries, key, nonce));
  });
}

/**
 * Whether who asks sits at this machine. A page of another site whose name was made to point here (DNS rebinding) sends
 * its own Host; a proxy or tunnel on this machine may ask for anybody, and mostly says so.
 */
function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  const isLoopback = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(socket.remoteAddress ?? "");
  const isLocalName = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
  const isForwarded = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].some(
    (name) => headers[name] !== undefined,
  );
  return isLoopback && isLocalName && !isForwarded;
}

/**
 * Holds the page to this server: no fonts, plugins or news from elsewhere, whatever is clicked. The same for the worker that
 * runs a user's scripts before and after a request, which are why eval is allowed.
 */
const SCRIPTS = "script-src 'self' 'unsafe-eval'";
const policyWith = (scripts: string): string =>
  [
    "default-src 'none'",
    scripts,
    "connect-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

function pageHeaders(nonce: string): OutgoingHttpHeaders {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": policyWith(`${SCRIPTS} 'nonce-${nonce}'`),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  };
}

function renderPage(queries: readonly ReadyQuery[], key: string | undefined, nonce: string): string {
  const values = `const key = ${JSON.stringify(key ?? null)}, windows = ${queries.length};`;
  const script = `${values}${BEFORE}${renderInitSnippet(altairOptions(queries, key))}`;
  return getAltairHtml()
    .replace("<title>Altair</title>", "<title>Clientele</title>")
    .replace(/<base.*>/, `<base href="${FILES}">`)
    .replace("</body>", () => `<script type="module" nonce="${nonce}">${script}</script></body>`);
}

/**
 * The windows name the key as a variable, so that they outlive it: what is written in them is there again after a reload,
 * and so is the key of the server that runs now.
 */
function altairOptions(queries: readonly ReadyQuery[], key: string | undefined): RenderOptions {
  const initialHeaders = { Authorization: "Bearer {{apiKey}}" };
  return {
    endpointURL: ENDPOINT,
    initialHeaders,
    initialWindows: queries.map(({ title, query, variables }) => ({
      initialHeaders,
      initialName: title,
      initialQuery: query,
      ...(variables !== undefined && { initialVariables: variables }),
    })),
    initialEnvironments: { base: { title: "Clientele", variables: { apiKey: key ?? NO_KEY } } },
    initialSettings: { enableTablistScrollbar: true },
    persistedSettings: {
      "banners.disable": true,
      disablePushNotification: true,
      "alert.disableUpdateNotification": true,
    },
    instanceStorageNamespace: STORAGE,
    disableAccount: true,
  };
}

/**
 * Runs in the browser, before Altair does what it has no option for. Windows are there again after a reload, and so are the
 * variables once somebody edits them: the key of a former start in them gives way to the one of now. At the first visit
 * the first window is shown, not the last; each loads the schema when it is first seen, not all at once.
 */
const BEFORE = `
    let isFirstVisit = true;
    let database;
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    try {
      const databases = await indexedDB.databases();
      if (databases.some(({ name }) => name === "AltairDB")) {
        database = await done(indexedDB.open("AltairDB"));
        const states = database.transaction("appState", "readwrite").objectStore("appState");
        isFirstVisit = !(await done(states.get("[${STORAGE}]::windowsMeta")));
        const state = await done(states.get("[${STORAGE}]::environments"));
        if (state && key) {
          const environments = JSON.parse(state.value);
          const variables = { ...JSON.parse(environments.base.variablesJson), apiKey: key };
          environments.base.variablesJson = JSON.stringify(variables, null, 2);
          await done(states.put({ ...state, value: JSON.stringify(environments) }));
        }
      }
    } catch (error) {
      console.warn("What was kept in this browser could not be read.", error);
    } finally {
      database?.close();
    }
    const seen = new Set();
    new MutationObserver(() => {
      if (isFirstVisit) {
        const tabs = document.querySelectorAll(".window-switcher__item");
        if (tabs.length < windows) return;
        isFirstVisit = false;
        tabs[0].click();
      }
      const reload = document.querySelector("app-window:not(.hide) [track-id=reload_docs]");
      if (!reload || seen.has(reload)) return;
      seen.add(reload);
      reload.click();
    }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
`;
