import { startGateway } from "../support/gateway";

test.each([true, false])(
  "what still runs beside a failed part of an operation keeps no connection (read planner: %s)",
  async (isReadPlannerOn) => {
    const gateway = await startGateway({ poolSize: 1, isReadPlannerOn });
    try {
      const tenant = await gateway.aTenant();
      const input = { code: "number", name: "Number", type: "NUMBER" };
      await tenant.run("mutation ($input: CustomerFieldInput!) { createCustomerField(input: $input) { id } }", {
        input,
      });
      // The first condition is refused while the second has yet to look something up, twice.
      const number = '{ field: "number", eq: 1, isSet: true }';
      const query = `{ customers(filter: { customFields: [{ field: "unknown", eq: 1 }, ${number}] }) { nodes { id } } }`;
      for (let round = 0; round < 3; round++) {
        const { errors } = await tenant.execute(query);
        expect(errors?.[0]?.extensions.problems?.[0]?.code).toBe("UNKNOWN_FIELD");
      }
      expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 0 } });
    } finally {
      await gateway.close();
    }
  },
);
