import { type FastifyInstance } from "fastify";
import { createApolloServer } from "../../src/graphql/apollo-server";
import { createHttpServer, type HttpOptions } from "../../src/http/server";
import { createLogger } from "../../src/logging/logger";
import { type TestGateway } from "../support/gateway";

/** One more HTTP door of a gateway, to which routes can still be added. Whoever opens it closes it. */
export async function openHttp(
  { app }: TestGateway,
  corsOrigins: readonly string[] = [],
  options: Partial<HttpOptions> = {},
): Promise<FastifyInstance> {
  const apollo = createApolloServer({
    schema: app.schema,
    database: app.database,
    idempotencyKeys: app.idempotencyKeys,
    readPlanner: app.readPlanner,
    introspection: true,
    onUnexpectedError: (error) => {
      throw error;
    },
  });
  await apollo.start();
  const http = await createHttpServer({
    apollo,
    authenticator: app.authenticator,
    corsOrigins,
    bodyLimitBytes: 1024 * 1024,
    log: createLogger("silent"),
    isReady: () => app.isReady(),
    ...options,
  });
  http.addHook("onClose", () => apollo.stop());
  return http;
}
