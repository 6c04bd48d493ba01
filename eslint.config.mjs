import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Packages that reach PostgreSQL: only `database` and `tenancy` may hold them, so that no row is reached around TenantScope. */
const databaseAccess = [
  { name: "pg", message: "Reach rows through TenantScope; only src/database and src/tenancy may use pg." },
  {
    name: "typeorm",
    importNames: ["DataSource", "EntityManager", "Repository", "QueryRunner", "getMetadataArgsStorage"],
    message: "Reach rows through TenantScope; only src/database and src/tenancy may hold a DataSource.",
  },
];

export default tseslint.config(
  {
    ignores: ["dist/", "docs/", "node_modules/", ".data/", "coverage/", "jest.config.js", "eslint.config.mjs", "bin/"],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: "./tsconfig.test.json", tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "import-x": importX },
    rules: {
      // A forgotten await on a database call is the likeliest bug here, and only typed rules see it.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      // Types in decorated signatures must vanish at run time (circular imports between features).
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // A new enum value must be handled where enums are told apart.
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Features depend on the features they belong to, never in a circle.
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-default-export": "error",
      // One reader of the environment: config.ts validates and freezes it.
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the Config instead." },
      ],
      "no-restricted-imports": ["error", { paths: databaseAccess }],
    },
    settings: {
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".js"] })],
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
  },
  {
    files: ["src/app.ts", "src/database/**", "src/tenancy/**", "migrations/**", "test/**", "bench/**"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["src/config.ts", "src/database/embedded-postgres.ts", "test/**", "bench/**"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    // Answers have as many shapes as there are queries: tests look at them as they are.
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    // They have dependencies of their own, and run as they are.
    files: ["bench/contenders/**"],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    // Jest asks for them.
    files: ["test/support/global-setup.ts", "test/support/global-teardown.ts"],
    rules: { "import-x/no-default-export": "off" },
  },
);
