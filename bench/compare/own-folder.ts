import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** The folder of a contender that has dependencies of its own. Installs them, by its lock file, where they are missing. */
export async function installedFolder(name: string): Promise<string> {
  const folder = path.join(__dirname, "../contenders", name);
  if (!fs.existsSync(path.join(folder, "node_modules"))) {
    console.error(`Installing ${name} …`);
    await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  }
  return folder;
}
