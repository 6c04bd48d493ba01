import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { Customer } from "./customer.entity";

/** Why two customers may be one. */
export enum DuplicateReason {
  PHONE = "PHONE",
  EMAIL = "EMAIL",
  TAX_ID = "TAX_ID",
  NAME = "NAME",
}

registerEnumType(DuplicateReason, {
  name: "DuplicateReason",
  description: "Why two customers may be one and the same.",
  valuesConfig: {
    PHONE: { description: "They share a phone number." },
    EMAIL: { description: "Their e-mail addresses are the same, without regard to case." },
    TAX_ID: { description: "Their tax ids are the same, without regard to case." },
    NAME: { description: "Their names are the same, without regard to case and accents." },
  },
});

@ObjectType({ description: "A customer that may be the same as another one, and why." })
export class CustomerDuplicate {
  @Field(() => Customer, { description: "The other customer." })
  customer!: Customer;

  @Field(() => [DuplicateReason], { description: "Every reason to think so." })
  reasons!: DuplicateReason[];
}

/** Duplicates told at most. */
export const MAX_DUPLICATES = 50;

/**
 * Customers that may be the same as one, those with most reasons first. Each reason is looked up by an index of its own, in
 * one statement.
 */
export async function findDuplicates(scope: TenantScope, customer: Customer): Promise<CustomerDuplicate[]> {
  const p = new Parameters();
  const phones = p.add(customer.phones);
  const email = p.add(customer.emailFolded);
  const taxId = p.add(customer.taxIdFolded);
  const name = p.add(customer.nameFolded);
  const rows = await scope.query<{ reasons: DuplicateReason[] }>(
    `select ${scope.columns(Customer, "c")}, found.reasons
     from (
       select id, array_agg(distinct reason order by reason) as reasons from (
         select f.customer_id as id, 'PHONE' as reason from customer_phones f where f.tenant_id = $1 and f.phone = any(${phones}::text[])
         union all select e.id, 'EMAIL' from customers e where e.tenant_id = $1 and e.email_folded = ${email}
         union all select t.id, 'TAX_ID' from customers t where t.tenant_id = $1 and t.tax_id_folded = ${taxId}
         union all select n.id, 'NAME' from customers n where n.tenant_id = $1 and n.name_folded = ${name}
       ) alike group by id
     ) found
     join customers c on c.tenant_id = $1 and c.id = found.id
     where c.id <> ${p.add(customer.id)}::uuid and c.deleted_at is null
     order by cardinality(found.reasons) desc, c.id limit ${MAX_DUPLICATES}`,
    p,
  );
  return rows.map(({ reasons, ...row }) => ({ customer: scope.hydrate(Customer, row), reasons }));
}
