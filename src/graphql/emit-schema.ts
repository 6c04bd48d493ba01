import fs from "node:fs";
import { lexicographicSortSchema, printSchema } from "graphql";
import { createSchemaAlone } from "../app";

const FILE = "schema/schema.graphql";
const HEADER = "# Emitted from the code by `npm run schema:emit`; not edited by hand.\n\n";

/** Writes the schema as SDL, or with --check says whether the file is the schema's. */
function main(): void {
  const sdl = `${HEADER}${printSchema(lexicographicSortSchema(createSchemaAlone()))}\n`;
  if (!process.argv.includes("--check")) {
    fs.writeFileSync(FILE, sdl);
    return;
  }
  if (!fs.existsSync(FILE) || fs.readFileSync(FILE, "utf8") !== sdl) {
    console.error(`${FILE} is not the schema of this code. Run npm run schema:emit and commit what changed.`);
    process.exitCode = 1;
  }
}

main();
