import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/temporary-folder.ts",
    typecheck: { enabled: false },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One less than there are processors would leave one of two idle.
    maxWorkers: "100%",
  },
});
