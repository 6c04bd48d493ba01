/**
 * Shows that the attacks find what they are there for: breaks the gateway in a copy, one way after another, and runs the
 * checks that have to notice. Prints which of them did; exits with 1 where a break went unnoticed.
 *
 *     node -r @swc-node/register test/attack/prove.ts [a part of the name of a break]
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A way to break the gateway. */
interface Break {
  readonly name: string;
  /** Each file, what stands in it, and what stands there instead. */
  readonly edits: readonly (readonly [file: string, from: string, to: string])[];
  /** The test files that have to notice, and which of their tests. */
  readonly noticedBy: string;
  readonly tests?: string;
}

type Edit = Break["edits"][number];
const NO_CONDITION: Edit = [
  "src/pagination/list.ts",
  "`where t.tenant_id = $1 and ${sliceSql",
  "`where (t.tenant_id = $1 or true) and ${sliceSql",
];
const POLICIES = "migrations/1763800000000-create-tenants.ts";
const OWN_ROWS = "(tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)";
const NO_POLICY: readonly Edit[] = [
  [POLICIES, `using ${OWN_ROWS}`, "using (true)"],
  [POLICIES, `with check ${OWN_ROWS}`, "with check (true)"],
];

const BREAKS: readonly Break[] = [
  {
    name: "API keys: the secret is not compared",
    edits: [
      [
        "src/auth/api-key.service.ts",
        "k.token_hash = ${p.add(hash)}",
        "k.token_hash <> ${p.add(Buffer.from(hash).fill(0))}",
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "API keys: revoked ones are accepted",
    edits: [
      [
        "src/auth/api-key.service.ts",
        " and k.revoked_at is null`,\n    p,\n  );\n  return credential",
        "`,\n    p,\n  );\n  return credential",
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "API keys: what is remembered goes by the beginning of the token",
    edits: [
      ["src/auth/api-key.service.ts", "remembered.get(token)", "remembered.get(token.slice(0, 40))"],
      ["src/auth/api-key.service.ts", "remembered.set(token, ", "remembered.set(token.slice(0, 40), "],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "credentials: one beside a signature is overlooked",
    edits: [
      [
        "src/auth/authenticator.ts",
        'if (authorization !== undefined) throw new UnauthenticatedError("several_credentials");',
        "",
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "credentials: the second of two headers is overlooked",
    edits: [["src/http/server.ts", "joinDuplicateHeaders: true", "joinDuplicateHeaders: false"]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "signatures: the same is accepted again",
    edits: [
      [
        "src/auth/signature-checker.ts",
        "if (await this.usedSignatures.claim(",
        "if ((await this.usedSignatures.claim(",
      ],
      ["src/auth/signature-checker.ts", "signedAt)) return credential", "signedAt)) || true) return credential"],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "signatures: any time is accepted",
    edits: [["src/auth/signature-checker.ts", "if (Math.abs(age) > this.windowSeconds)", "if (age === Infinity)"]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "signatures: the body is not covered",
    edits: [
      [
        "src/auth/signature-checker.ts",
        "if (!isSignedWith(client.secrets, head, body))",
        "if (isSignedWith([], head, body))",
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "signatures: capitals are accepted",
    edits: [["src/auth/signed-request.ts", "/^[0-9a-f]{64}$/", "/^[0-9a-f]{64}$/i"]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: the audience is not checked",
    edits: [["src/auth/jwt-checker.ts", "        audience,\n", ""]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: the issuer is not checked",
    edits: [["src/auth/jwt-checker.ts", "        issuer,\n", ""]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: those that never expire are accepted",
    edits: [["src/auth/jwt-checker.ts", '        requiredClaims: ["exp"],\n', ""]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: expired ones are accepted",
    edits: [["src/auth/jwt-checker.ts", "clockTolerance: CLOCK_SKEW_SECONDS", "clockTolerance: 1e9"]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: any algorithm is accepted",
    edits: [["src/auth/jwt-checker.ts", "        algorithms: [...algorithms],\n", ""]],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tokens: the signature is not checked",
    edits: [
      ["src/auth/jwt-checker.ts", "await jwtVerify(token, this.keys.find, {", "await Promise.resolve(decoded(token, {"],
      [
        "src/auth/jwt-checker.ts",
        '        requiredClaims: ["exp"],\n      });',
        '        requiredClaims: ["exp"],\n      }));',
      ],
      [
        "src/auth/jwt-checker.ts",
        "/** Checks JSON Web Tokens",
        'import { decodeJwt } from "jose";\nconst decoded = (token: string, _options: object): { payload: JWTPayload } => ({ payload: decodeJwt(token) });\n/** Checks JSON Web Tokens',
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tenants: the header names one",
    edits: [
      [
        "src/http/server.ts",
        "      else request.credential = proof;",
        '      else request.credential = { ...proof, tenant: { ...proof.tenant, id: String(headers["x-tenant-id"] ?? proof.tenant.id) } };',
      ],
    ],
    noticedBy: "test/attack/credentials",
  },
  {
    name: "tenants: what was loaded is shared between requests",
    edits: [
      [
        "src/graphql/request-context.ts",
        "return (this.current ??= new Loaders(this.scope));",
        "return (SHARED.loaders ??= new Loaders(this.scope));",
      ],
      [
        "src/graphql/request-context.ts",
        "/** What the resolvers of one operation share",
        "const SHARED: { loaders?: Loaders } = {};\n/** What the resolvers of one operation share",
      ],
    ],
    noticedBy: "test/attack/interleaving",
  },
  {
    name: "tenants: a condition is gone in a resolver, row-level security holds",
    edits: [NO_CONDITION],
    noticedBy: "test/tenancy/isolation",
  },
  {
    name: "tenants: a condition is gone in the read planner, row-level security holds",
    edits: ["    const rows", "  const read"].map((next): Edit => {
      const rest = "${ofParent}${placeSql(list, slice, alias, run.p)}`;\n" + next;
      return [
        "src/read-planner/connection-sql.ts",
        "`${alias}.tenant_id = $1 and " + rest,
        "`(${alias}.tenant_id = $1 or true) and " + rest,
      ];
    }),
    noticedBy: "test/tenancy/isolation",
  },
  {
    name: "tenants: row-level security is open, conditions hold",
    edits: NO_POLICY,
    noticedBy: "test/tenancy/isolation",
  },
  {
    name: "tenants: a condition is gone and row-level security is open",
    edits: [NO_CONDITION, ...NO_POLICY],
    noticedBy: "test/tenancy/isolation",
  },
  {
    name: "text: U+0000 and half surrogate pairs are let in",
    edits: [["src/text/text.ts", 'return text.isWellFormed() && !text.includes("\\0");', "return text.length >= 0;"]],
    noticedBy: "test/hostile",
  },
  {
    name: "bodies: broken UTF-8 is read as U+FFFD",
    edits: [["src/http/json-body.ts", "if (!isUtf8(body))", "if (body === undefined)"]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "bodies: any type is read as JSON",
    edits: [["src/http/json-body.ts", 'if (!isJson(request.headers["content-type"]))', "if (body === undefined)"]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "bodies: several operations at once",
    edits: [["src/graphql/apollo-server.ts", "allowBatchedHttpRequests: false", "allowBatchedHttpRequests: true"]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "documents: none is too costly",
    edits: [["src/limits/limits-listener.ts", "objects > limits.objects", "objects > limits.objects * 1e9"]],
    noticedBy: "test/limits/document-limits",
  },
  {
    name: "errors: what was sent is repeated",
    edits: [["src/graphql/error-response.ts", "message: withoutValues(error.message)", "message: error.message"]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "errors: unexpected ones leave as they are",
    edits: [
      [
        "src/graphql/error-response.ts",
        'message: message("INTERNAL_SERVER_ERROR", {}, language),\n    ...place',
        "message: (thrown ?? error).message,\n    ...place",
      ],
    ],
    noticedBy: "test/operations/canaries",
  },
  {
    name: "errors: all of them are told",
    edits: [["src/graphql/apollo-server.ts", "validationOptions: { maxErrors: MAX_ERRORS },", ""]],
    noticedBy: "test/attack/requests",
  },
  {
    name: "cursors: any list's is taken",
    edits: [
      [
        "src/pagination/cursor.ts",
        'if (owner !== list || !values.every((value) => typeof value === "string")) return undefined;',
        "if (owner === undefined) return undefined;",
      ],
    ],
    noticedBy: "test/attack/requests",
  },
  {
    name: "log: errors as they are",
    edits: [
      [
        "src/logging/logger.ts",
        '...describeError(error) }, "Unexpected error"',
        'err: error, ...describeError(error) }, "Unexpected error"',
      ],
    ],
    noticedBy: "test/operations/canaries",
  },
  {
    name: "log: the variables of a request",
    edits: [
      [
        "src/http/server.ts",
        "  metrics.countRequest({ status",
        "  log.info({ body: (reply as unknown as { request: FastifyRequest }).request?.body });\n  metrics.countRequest({ status",
      ],
      ["src/http/server.ts", "{ statusCode: status, elapsedTime: durationMs }: FastifyReply,", "reply: FastifyReply,"],
      [
        "src/http/server.ts",
        "): void {\n  if (isPlanned",
        "): void {\n  const { statusCode: status, elapsedTime: durationMs } = reply;\n  if (isPlanned",
      ],
    ],
    noticedBy: "test/operations/canaries",
  },
  {
    name: "stopping: no answer asks to leave the connection",
    edits: [
      [
        "src/http/drain.ts",
        "if (drain.isDraining && latest.get(socket) === request)",
        "if (latest.get(socket) === undefined)",
      ],
    ],
    noticedBy: "test/operations/stopping",
  },
  {
    name: "database: a silent connection is waited for",
    edits: [
      [
        "src/tenancy/borrowed-connection.ts",
        "if (this.awaited > 0 && this.answers === answers) onSilence();",
        "if (this.awaited < 0 && this.answers === answers) onSilence();",
      ],
    ],
    noticedBy: "test/operations/database-loss",
    tests: "swallows",
  },
];

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
    readonly message: string;
  }[];
}

/** The titles of the tests that failed on a broken copy; undefined where an edit does not fit any more. */
function noticed(copy: string, { edits, noticedBy, tests }: Break): string[] | undefined {
  const originals = new Map<string, string>();
  try {
    for (const [file, from, to] of edits) {
      const place = path.join(copy, file);
      const text = fs.readFileSync(place, "utf8");
      if (!text.includes(from)) return undefined;
      if (!originals.has(place)) originals.set(place, text);
      fs.writeFileSync(
        place,
        text.replace(from, () => to),
      );
    }
    const output = path.join(copy, "report.json");
    fs.rmSync(output, { force: true });
    const words = [
      "node_modules/jest/bin/jest.js",
      "--maxWorkers=1",
      "--forceExit",
      "--json",
      `--outputFile=${output}`,
      noticedBy,
      ...(tests ? ["-t", tests] : []),
    ];
    spawnSync(process.execPath, words, { cwd: copy, stdio: "ignore", timeout: 300_000 });
    const { testResults } = JSON.parse(fs.readFileSync(output, "utf8")) as Report;
    return testResults.flatMap(({ assertionResults, message }) => {
      const failed = assertionResults.filter(({ status }) => status === "failed").map(({ title }) => title);
      return failed.length > 0 || message === "" ? failed : [message.split("\n", 2).join(" ").trim()];
    });
  } finally {
    for (const [place, text] of originals) fs.writeFileSync(place, text);
  }
}

function main(wanted: string): void {
  const root = path.join(__dirname, "../..");
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-prove-"));
  fs.chmodSync(copy, 0o755);
  let unnoticed = 0;
  try {
    for (const entry of [
      "src",
      "test",
      "migrations",
      "schema",
      "docs",
      "package.json",
      "jest.config.js",
      ".swcrc",
      "tsconfig.json",
      "tsconfig.test.json",
    ]) {
      fs.cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
    for (const attempt of BREAKS.filter(({ name }) => name.includes(wanted))) {
      const found = noticed(copy, attempt);
      if (!found?.length) unnoticed++;
      console.log(
        `${attempt.name}\n    ${found === undefined ? "DOES NOT FIT the source any more" : found.join("\n    ") || "NOT NOTICED"}`,
      );
    }
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
  process.exitCode = unnoticed > 0 ? 1 : 0;
}

main(process.argv[2] ?? "");
