import { type Answer, type TestTenant } from "./gateway";

/** A tenant of a gateway that runs as a process of its own. */
export function remoteTenant(url: string, { id, code, token }: Pick<TestTenant, "id" | "code" | "token">): TestTenant {
  const execute: TestTenant["execute"] = async (query, variables = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Answer<any>;
    return { status: response.status, data, errors, statements: [] };
  };
  return {
    id,
    code,
    token,
    withScopes: () => Promise.reject(new Error("Keys are made where the gateway is")),
    execute,
    run: async (query, variables) => {
      const { data, errors } = await execute(query, variables);
      if (errors) throw new Error(`Not expected to fail: ${JSON.stringify(errors)}`);
      return data;
    },
  };
}
