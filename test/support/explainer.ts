import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { type TestDatabase, withClient } from "./database";

/** A step of a plan, with what it did. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement that has run, and how. */
export interface Explained {
  readonly sql: string;
  readonly plan: PlanNode;
}

const SETTINGS = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_timing": "off",
  "auto_explain.log_nested_statements": "on",
  "auto_explain.log_format": "json",
  client_min_messages: "log",
};

/**
 * Runs statements as the server does, with the rights that it has, and tells their plans; those inside of functions, which
 * EXPLAIN keeps to itself, too.
 */
export class Explainer {
  private kept = 0;

  private constructor(
    private readonly client: Client,
    private readonly drop: () => Promise<void>,
  ) {}

  static async connect({ url, superuserUrl }: TestDatabase): Promise<Explainer> {
    const login = new URL(url);
    const role = `test_explain_${randomBytes(6).toString("hex")}`;
    const asSuperuser = (...statements: string[]): Promise<void> =>
      withClient(superuserUrl, async (client) => {
        for (const statement of statements) await client.query(statement);
      });
    await asSuperuser(
      `create role ${role} login password 'test' in role clientele_app`,
      ...Object.entries(SETTINGS).map(
        ([name, value]) => `alter role ${role} in database ${login.pathname.slice(1)} set ${name} = '${value}'`,
      ),
    );
    login.username = role;
    login.password = "test";
    const client = new Client({ connectionString: login.href });
    await client.connect();
    return new Explainer(client, () => asSuperuser(`drop role ${role}`));
  }

  /**
   * @param isKept whether it has one plan for all values
   * @returns the plan of each statement that it took, the innermost first
   */
  async explain(tenantId: string, sql: string, values: readonly unknown[], isKept = false): Promise<Explained[]> {
    const explained: Explained[] = [];
    const onNotice = ({ message }: { message?: string | undefined }): void => {
      const json = /^duration: .* plan:\n([^]*)$/.exec(message ?? "")?.[1];
      if (json === undefined) return;
      const { "Query Text": text, Plan: plan } = JSON.parse(json) as { "Query Text": string; Plan: PlanNode };
      explained.push({ sql: text, plan });
    };
    await this.client.query("begin read only");
    try {
      const planCache = isKept ? "force_generic_plan" : "auto";
      await this.client.query("select set_tenant($1, plan_cache => $2)", [tenantId, planCache]);
      await this.client.query("savepoint ready"); // a statement's plan is told when the next one comes
      this.client.on("notice", onNotice);
      const name = isKept ? `s${++this.kept}` : undefined;
      await this.client.query({ ...(name && { name }), text: sql, values: [...values] });
    } finally {
      await this.client.query("rollback");
      this.client.off("notice", onNotice);
    }
    return explained;
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.drop();
  }
}
