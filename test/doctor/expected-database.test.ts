import fs from "node:fs";
import path from "node:path";
import { describeDatabase } from "../../src/database/inspection";
import { EXPECTED_DATABASE } from "../../src/doctor/expected-database";
import { createTestDatabase } from "../support/database";
import { stored } from "../support/stored";

const FILE = path.join(__dirname, "../../src/doctor/expected-database.ts");

test("doctor expects what the migrations make; `npm run doctor:emit` writes it down", async () => {
  const database = await createTestDatabase();
  try {
    const lines = await describeDatabase((sql, values) => stored<any>(database, sql, values));
    if (process.env["EMIT"]) {
      const head = fs.readFileSync(FILE, "utf8").split("`")[0];
      fs.writeFileSync(FILE, `${head}\`\n${lines.join("\n")}\n\`;\n`);
    } else {
      expect(EXPECTED_DATABASE.trim().split("\n")).toEqual(lines);
    }
  } finally {
    await database.drop();
  }
});
