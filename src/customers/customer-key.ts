import { Field, ID, InputType } from "type-graphql";
import { BadUserInputError, type ArgumentPath } from "../errors/domain-errors";
import { type Parameters } from "../tenancy/parameters";
import { codeKey, isCleanText } from "../text/text";
import { isUuid } from "../validation/uuid";

@InputType({ description: "Which customer is meant: exactly one of the two, else BAD_USER_INPUT." })
export class CustomerKey {
  @Field(() => ID, { nullable: true, description: "The customer's id." })
  id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The customer's code without regard to case, or one it had before that no other customer has taken.",
  })
  code?: string | null;
}

/** @throws BadUserInputError unless exactly one of id and code is given, and the code is text that a code can be */
export function checkCustomerKey(key: CustomerKey, path: ArgumentPath): void {
  if ((key.id == null) === (key.code == null)) {
    throw BadUserInputError.at(path, "EXACTLY_ONE", { what: "id and code" });
  }
  if (key.code != null && !isCleanText(key.code)) throw BadUserInputError.at([...path, "code"], "INVALID_TEXT");
}

/**
 * SQL for the id of the customer that a key means, null where there is none. By code, the one that has it now comes before
 * the one that gave it up. Customers in the trash are not found.
 */
export function customerIdSql(key: CustomerKey, p: Parameters): string {
  if (key.id != null) {
    if (!isUuid(key.id)) return "null::uuid";
    return `(select k.id from customers k where k.tenant_id = $1 and k.id = ${p.add(key.id)}::uuid and k.deleted_at is null)`;
  }
  const code = p.add(codeKey(key.code ?? ""));
  // A subselect: row-level security lets no value of coalesce() itself reach an index.
  return `(select coalesce(
    (select k.id from customers k where k.tenant_id = $1 and k.code_key = ${code} and k.deleted_at is null),
    (select k.id from customer_previous_codes pc
     join customers k on k.tenant_id = $1 and k.id = pc.customer_id and k.deleted_at is null
     where pc.tenant_id = $1 and pc.code_key = ${code})))`;
}

/** SQL for the id of the customer in the trash that a key means, null where there is none; by code, the one deleted last. */
export function trashedCustomerIdSql(key: CustomerKey, p: Parameters): string {
  if (key.id != null) return isUuid(key.id) ? `${p.add(key.id)}::uuid` : "null::uuid";
  return `(select k.id from customers k where k.tenant_id = $1 and k.code_key = ${p.add(codeKey(key.code ?? ""))}
    and k.deleted_at is not null order by k.deleted_at desc, k.id desc limit 1)`;
}
