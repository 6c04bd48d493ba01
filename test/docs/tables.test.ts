import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { readConfig } from "../../src/config";
import { namesInTables, ROOT } from "./pages";

/* The tables of every setting and of every command, beside what the code has. */

const SOURCES = path.join(ROOT, "src");

/** Read where a program needs it, not by people: what any process of the system has. */
const OF_THE_SYSTEM = ["HOME", "PATH", "TMPDIR"];

/** Names that the sources read from the environment, whether or not readConfig gets to them in this one. */
function variablesInSources(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const text = readFileSync(path.join(SOURCES, file), "utf8");
    const read = [...text.matchAll(/\benv(?:\[|\??\.\[?|, )"?([A-Z][A-Z0-9_]+)\b/g)].map(([, name = ""]) => name);
    const taken = [...text.matchAll(/\{([^{}]*)\} = process\.env/g)].flatMap(([, names = ""]) => names.match(/\w+/g));
    return [...read, ...taken].filter((name): name is string => name !== null);
  });
}

function variablesOfConfig(): string[] {
  const read = new Set<string>();
  const environment = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_target, name) => {
        read.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(environment);
  return [...read];
}

test("docs/configuration.md has every variable that is read, once, and no other", () => {
  const ofConfig = variablesOfConfig();
  const inSources = variablesInSources();
  expect(ofConfig).toEqual(expect.arrayContaining(["DATABASE_URL", "PORT", "MAX_DEPTH", "JWT_JWKS_URL", "REDIS_URL"]));
  expect(inSources).toEqual(expect.arrayContaining(["DATABASE_URL", "PORT", "MAX_DEPTH", "CLIENTELE_EMBEDDED_ROOT"]));
  const read = new Set([...ofConfig, ...inSources].filter((name) => !OF_THE_SYSTEM.includes(name)));
  expect(namesInTables("docs/configuration.md").sort()).toEqual([...read].sort());
});

test("docs/commands.md has every command, once, and no other", () => {
  const program = new Command("clientele");
  for (const file of readdirSync(path.join(SOURCES, "cli"))) {
    if (file === "main.ts") continue; // runs the program when it is loaded
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- by name, so that a new file needs no line here
    const exported = require(path.join(SOURCES, "cli", file)) as Record<string, unknown>;
    for (const [name, add] of Object.entries(exported))
      if (/^add\w*Commands?$/.test(name)) (add as (program: Command) => void)(program);
  }
  const namesOf = ({ commands }: Command, before = ""): string[] =>
    commands.flatMap((command) =>
      command.commands.length > 0 ? namesOf(command, `${before}${command.name()} `) : [before + command.name()],
    );
  expect(namesInTables("docs/commands.md").sort()).toEqual(namesOf(program).sort());
});
