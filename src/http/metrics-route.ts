import { createHash, timingSafeEqual } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { type PrometheusMetrics } from "../metrics/metrics";

/**
 * Metrics at /metrics, for Prometheus.
 * @param token asked for as a bearer token; undefined: whoever reaches the server may read them
 */
export function addMetrics(app: FastifyInstance, metrics: PrometheusMetrics, token: string | undefined): void {
  const wanted = token === undefined ? undefined : digest(`Bearer ${token}`);
  app.get("/metrics", async ({ headers }, reply) => {
    if (wanted && !timingSafeEqual(digest(headers.authorization ?? ""), wanted)) {
      return reply
        .code(401)
        .header("www-authenticate", "Bearer")
        .send({ error: "Send METRICS_TOKEN as a bearer token." });
    }
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** Of one length, whatever was sent. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
