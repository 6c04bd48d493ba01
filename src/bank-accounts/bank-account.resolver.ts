import { Arg, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { Customer } from "../customers/customer.entity";
import { ofLiveCustomer } from "../customers/of-customer";
import { type RequestContext } from "../graphql/request-context";
import { Parameters } from "../tenancy/parameters";
import { isUuid } from "../validation/uuid";
import { maskAccountNumber, type AccountNumberCipher } from "./account-number-cipher";
import { BankAccount } from "./bank-account.entity";

@Resolver(() => BankAccount)
export class BankAccountResolver {
  constructor(private readonly cipher: AccountNumberCipher) {}

  @Authorized("customers:read")
  @Query(() => BankAccount, {
    nullable: true,
    description:
      "A bank account by its id. Null where there is none, or its customer is in the trash. Scope customers:read.",
  })
  async bankAccount(
    @Arg("id", () => ID, { description: "The account's id." }) id: string,
    @Ctx() { scope }: RequestContext,
  ): Promise<BankAccount | null> {
    if (!isUuid(id)) return null;
    const p = new Parameters();
    const where = `where t.tenant_id = $1 and t.id = ${p.add(id)}::uuid and ${ofLiveCustomer("t", p)}`;
    const [account] = await scope.select(BankAccount, "t", where, p);
    return account ?? null;
  }

  @Authorized("customers:read")
  @FieldResolver(() => Customer, { description: "The customer that it belongs to. Scope customers:read." })
  async customer(@Root() account: BankAccount, @Ctx() { loaders }: RequestContext): Promise<Customer | null> {
    return loaders.customerById.load(account.customerId);
  }

  @FieldResolver(() => String, {
    description:
      "The number with all but its last four characters as *; all of it where it has four or fewer. Always readable.",
  })
  maskedAccountNumber(@Root() account: BankAccount): string {
    return maskAccountNumber(account);
  }

  @Authorized("bank-accounts:reveal")
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The whole number, as it was given. Needs the scope bank-accounts:reveal; without it null, with a FORBIDDEN error at its path.",
  })
  accountNumber(@Root() account: BankAccount, @Ctx() { scope }: RequestContext): string {
    return this.cipher.open(account, { tenantId: scope.tenantId, accountId: account.id });
  }
}

/** What bank accounts add to customers. */
@Resolver(() => Customer)
export class CustomerBankAccountsResolver {
  @Authorized("customers:read")
  @FieldResolver(() => [BankAccount], { description: "In the order created. Scope customers:read." })
  async bankAccounts(@Root() customer: Customer, @Ctx() { loaders }: RequestContext): Promise<readonly BankAccount[]> {
    return loaders.bankAccountsByCustomerId.load(customer.id);
  }
}
