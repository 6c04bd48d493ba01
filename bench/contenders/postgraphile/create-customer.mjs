import process from "node:process";
import { access, context } from "postgraphile/grafast";
import { extendSchema, gql } from "postgraphile/utils";
import { sideEffectWithPgClient } from "postgraphile/@dataplan/pg";
import { INSERTS, newCustomerRows, readEncryptionKey } from "../new-customer.mjs";

const encryptionKey = readEncryptionKey(process.env.ENCRYPTION_KEY);

const STATEMENT = { name: "createCustomer", text: `with ${INSERTS} select id from customer` };

/** A mutation that writes a customer with everything nested by one statement, and then answers as a query would. */
export const createCustomer = extendSchema((build) => {
  const { customers } = build.pgResources;
  return {
    typeDefs: gql`
      input NewContact {
        name: String!
        email: String
        isPrimary: Boolean!
      }
      input NewBankAccount {
        bankCode: String
        bankName: String
        accountHolderName: String
        accountNumber: String!
      }
      input NewCustomer {
        code: String!
        kind: String!
        name: String!
        email: String
        phones: [String!]!
        tags: [String!]!
        status: String
        contacts: [NewContact!]!
        bankAccounts: [NewBankAccount!]!
      }
      extend type Mutation {
        createCustomer(input: NewCustomer!): Customer
      }
    `,
    objects: {
      Mutation: {
        plans: {
          createCustomer(_$mutation, fieldArgs) {
            const $input = fieldArgs.getRaw("input");
            const $credential = context().get("credential");
            const $created = sideEffectWithPgClient(customers.executor, [$input, $credential], insert);
            return customers.get({ tenant_id: access($created, "tenantId"), id: access($created, "id") });
          },
        },
      },
    },
  };
});

/** Runs in a transaction, since row-level security has settings. */
async function insert(client, [input, credential]) {
  const { tenantId } = credential;
  const values = [tenantId, JSON.stringify(newCustomerRows(tenantId, input, { credential, encryptionKey }))];
  const { rows } = await client.query({ ...STATEMENT, values });
  return { tenantId, id: rows[0].id };
}
