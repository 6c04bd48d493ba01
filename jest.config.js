module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  // jose is published as ES modules alone, which Node loads with require and Jest does not.
  transform: { "^.+\\.ts$": "@swc/jest", "/node_modules/jose/.+\\.js$": "@swc/jest" },
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  maxWorkers: 2,
  testTimeout: 30_000,
};
