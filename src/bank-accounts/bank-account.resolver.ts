import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { Customer } from "../customers/customer.entity";
import { findOfTenant, ofItsCustomer, oneOfTenant } from "../customers/of-customer";
import { type RequestContext } from "../graphql/request-context";
import { maskAccountNumber, maskedAccountNumberSql, type AccountNumberCipher } from "./account-number-cipher";
import { expression, many, oneBy, Planned } from "../read-planner/planned";
import { BankAccount } from "./bank-account.entity";
import { BankAccountInput, BankAccountPatch } from "./bank-account.input";
import { type BankAccountService } from "./bank-account.service";

@Resolver(() => BankAccount)
export class BankAccountResolver {
  constructor(
    private readonly accounts: BankAccountService,
    private readonly cipher: AccountNumberCipher,
  ) {}

  @Authorized("customers:read")
  @Planned(oneBy(BankAccount, ({ id }) => oneOfTenant(id as string)))
  @Query(() => BankAccount, {
    nullable: true,
    description:
      "A bank account by its id. Null where there is none, or its customer is in the trash. Scope customers:read.",
  })
  async bankAccount(
    @Arg("id", () => ID, { description: "The account's id." }) id: string,
    @Ctx() { scope }: RequestContext,
  ): Promise<BankAccount | null> {
    return findOfTenant(scope, BankAccount, id);
  }

  @Authorized("customers:read")
  @Planned(ofItsCustomer)
  @FieldResolver(() => Customer, { description: "The customer that it belongs to. Scope customers:read." })
  async customer(@Root() account: BankAccount, @Ctx() { loaders }: RequestContext): Promise<Customer | null> {
    return loaders.customerById.load(account.customerId);
  }

  @Planned(expression(maskedAccountNumberSql))
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
      "The whole number, as it was given. That it was read is recorded with the credential. Needs the scope bank-accounts:reveal; without it null, with a FORBIDDEN error at its path.",
  })
  accountNumber(@Root() account: BankAccount, @Ctx() { scope, revealed }: RequestContext): string {
    const accountNumber = this.cipher.open(account, { tenantId: scope.tenantId, accountId: account.id });
    revealed.add(account);
    return accountNumber;
  }

  @Authorized("customers:write")
  @Mutation(() => BankAccount, {
    description: "Adds a bank account to a customer. NOT_FOUND where there is no such customer. Scope customers:write.",
  })
  createBankAccount(
    @Arg("customer", () => CustomerKey, { description: "Whose account it is." }) customer: CustomerKey,
    @Arg("input", () => BankAccountInput, { description: "The account." }) input: BankAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<BankAccount> {
    return context.write((scope) => this.accounts.create(scope, customer, input));
  }

  @Authorized("customers:write")
  @Mutation(() => BankAccount, {
    description:
      "Changes a bank account: what is left out stays, null clears. NOT_FOUND where there is none. Scope customers:write.",
  })
  updateBankAccount(
    @Arg("id", () => ID, { description: "The account's id." }) id: string,
    @Arg("input", () => BankAccountPatch, { description: "What to change." }) input: BankAccountPatch,
    @Ctx() context: RequestContext,
  ): Promise<BankAccount> {
    return context.write((scope) => this.accounts.update(scope, id, input));
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Deletes a bank account, and answers with the customer it belonged to. NOT_FOUND where there is none. Scope customers:write.",
  })
  deleteBankAccount(
    @Arg("id", () => ID, { description: "The account's id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.accounts.delete(scope, id));
  }
}

/** What bank accounts add to customers. */
@Resolver(() => Customer)
export class CustomerBankAccountsResolver {
  @Authorized("customers:read")
  @Planned(many(BankAccount, (account, customer) => `${account}.customer_id = ${customer}.id order by ${account}.id`))
  @FieldResolver(() => [BankAccount], { description: "In the order created. Scope customers:read." })
  async bankAccounts(@Root() customer: Customer, @Ctx() { loaders }: RequestContext): Promise<readonly BankAccount[]> {
    return loaders.bankAccountsByCustomerId.load(customer.id);
  }
}
