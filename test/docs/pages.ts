import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.join(__dirname, "../..");

/** Folders that hold no pages of this project. */
const OTHERS = new Set(["node_modules", "dist", "coverage", "test"]);

/** Every Markdown file of the project, relative to its root. */
export function allPages(): string[] {
  const found: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith(".") && !OTHERS.has(entry.name)) folders.push(name);
      else if (entry.isFile() && name.endsWith(".md")) found.push(name);
    }
  }
  return found.sort();
}

export const readPage = (page: string): string => readFileSync(path.join(ROOT, page), "utf8");

/** A page without its fenced code, where nothing is a heading or a link. */
export const proseOf = (page: string): string => readPage(page).replace(/^```[^\n]*\n[\s\S]*?^```$/gm, "");

/** Fenced code of one language. */
export const codeOf = (page: string, language: string): string[] =>
  [...readPage(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, marked]) => marked === language)
    .map(([, , code = ""]) => code);

/** The anchors that GitHub gives the headings of a page; a heading that comes again gets a number. */
export function anchorsOf(page: string): Set<string> {
  const counts = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, title = ""] of proseOf(page).matchAll(/^#{1,6} +(.*?)\s*$/gm)) {
    const text = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const anchor = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

/** Where the links and images of a page lead that stay within the project, as they are written. */
export const linksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));

/** What the first column of a page's tables has in backquotes. */
export const namesInTables = (page: string): string[] =>
  [...proseOf(page).matchAll(/^\| ([^|]*`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
