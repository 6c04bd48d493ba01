import { existsSync } from "node:fs";
import path from "node:path";
import { allPages, anchorsOf, linksOf, ROOT } from "./pages";

const PAGES = allPages();

test("finds the pages and their links", () => {
  expect(PAGES).toEqual(
    expect.arrayContaining(["README.md", "ARCHITECTURE.md", "docs/operating.md", "docs/decisions/three-walls.md"]),
  );
  expect(linksOf("README.md")).toContain("docs/querying.md");
  expect(anchorsOf("docs/operating.md")).toContain("account-numbers-and-keys");
});

test.each(PAGES)("the links of %s lead to files and headings that are there", (page) => {
  const broken = linksOf(page).filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
    if (file.startsWith("/") || target.startsWith("..") || !existsSync(path.join(ROOT, target))) return true;
    return anchor !== undefined && !(target.endsWith(".md") && anchorsOf(target).has(decodeURIComponent(anchor)));
  });
  expect(broken).toEqual([]);
});

test.each(["docs", "docs/decisions"])("the index of %s links every page of that folder", (folder) => {
  const inFolder = PAGES.filter((page) => path.posix.dirname(page) === folder).map((page) => path.posix.basename(page));
  const linked = linksOf(`${folder}/README.md`);
  expect(inFolder.filter((page) => page !== "README.md" && !linked.includes(page))).toEqual([]);
});

test.each(PAGES.filter((page) => /^docs\/decisions\/(?!README)/.test(page)))(
  "%s has a context, a decision and consequences",
  (page) => {
    expect([...anchorsOf(page)].slice(1)).toEqual(["context", "decision", "consequences"]);
  },
);
