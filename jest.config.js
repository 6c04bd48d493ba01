module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  transform: { "^.+\\.ts$": "@swc/jest" },
  maxWorkers: 2,
  testTimeout: 30_000,
};
