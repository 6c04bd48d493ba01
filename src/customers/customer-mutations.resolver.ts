import { Arg, Authorized, Ctx, ID, Int, Mutation, Resolver } from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { type CustomerCodeService } from "./customer-code.service";
import { type CustomerCreationService } from "./customer-creation.service";
import { ExpectedVersion } from "./customer-merge.input";
import { type CustomerMergeService } from "./customer-merge.service";
import { type CustomerTrashService } from "./customer-trash.service";
import { type CustomerUpdateService } from "./customer-update.service";
import { Customer } from "./customer.entity";
import { CustomerInput, CustomerPatch } from "./customer.input";
import { CustomerKey } from "./customer-key";

/** The use cases that write customers. */
export interface CustomerServices {
  readonly creation: CustomerCreationService;
  readonly update: CustomerUpdateService;
  readonly codes: CustomerCodeService;
  readonly trash: CustomerTrashService;
  readonly merge: CustomerMergeService;
}

const VALIDATE_ONLY = {
  defaultValue: false,
  description: "true: everything is checked, the answer is the record as it would be, and nothing is kept.",
};
const EXPECTED_VERSION = {
  nullable: true,
  description: "The version that the caller has seen: CONFLICT, with the current one, where it is another by now.",
};

@Resolver(() => Customer)
export class CustomerMutations {
  constructor(private readonly customers: CustomerServices) {}

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Creates a customer with its contacts, bank accounts and custom field values. BAD_USER_INPUT with every problem of the input; CONFLICT with the existing customer where the code is taken. Scope customers:write.",
  })
  createCustomer(
    @Arg("input", () => CustomerInput, { description: "The customer." }) input: CustomerInput,
    @Arg("validateOnly", () => Boolean, VALIDATE_ONLY) validateOnly: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    const options = { validateOnly };
    return context.write((scope) => this.customers.creation.create(scope, input, options), options);
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Changes what the input gives: what is left out stays, null clears, lists are replaced whole (an entry with an id changes that one, one without is new, those not listed go). A change that changes nothing leaves the version. Scope customers:write.",
  })
  updateCustomer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Arg("input", () => CustomerPatch, { description: "What to change." }) input: CustomerPatch,
    @Arg("expectedVersion", () => Int, EXPECTED_VERSION) expectedVersion: number | null,
    @Arg("validateOnly", () => Boolean, VALIDATE_ONLY) validateOnly: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.customers.update.update(scope, by, input, expectedVersion), { validateOnly });
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Replaces a customer whole: what is left out is cleared, contacts and bank accounts included. The code stays when left out; another one is a rename. Scope customers:write.",
  })
  replaceCustomer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Arg("input", () => CustomerInput, { description: "All of it." }) input: CustomerInput,
    @Arg("expectedVersion", () => Int, EXPECTED_VERSION) expectedVersion: number | null,
    @Arg("validateOnly", () => Boolean, VALIDATE_ONLY) validateOnly: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.customers.update.replace(scope, by, input, expectedVersion), { validateOnly });
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Gives a customer another code, in one step. The old code keeps finding it until another customer takes it; it may go back to one of its own, or change case. NOT_FOUND where no customer has the old code now; CONFLICT where another one has the new code. Scope customers:write.",
  })
  changeCustomerCode(
    @Arg("from", () => String, { description: "Its present code, without regard to case." }) from: string,
    @Arg("to", () => String, { description: "Its new code, at most 64 characters." }) to: string,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.customers.codes.change(scope, from, to));
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Moves a customer to the trash. CONFLICT, with what blocks it, while it has active work orders, active contracts or pending invoices. Scope customers:write.",
  })
  deleteCustomer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Arg("expectedVersion", () => Int, EXPECTED_VERSION) expectedVersion: number | null,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.customers.trash.delete(scope, by, expectedVersion));
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Brings a customer back from the trash; by code, the one deleted last. CONFLICT where another customer has its code by now, or it is not in the trash. Scope customers:write.",
  })
  restoreCustomer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.customers.trash.restore(scope, by));
  }

  @Authorized("customers:purge")
  @Mutation(() => ID, {
    description:
      "Erases a customer that is in the trash, with all that belongs to it, and answers with its id; by code, the one deleted last. CONFLICT for one that is not in the trash. Scope customers:purge.",
  })
  purgeCustomer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.customers.trash.purge(scope, by));
  }

  @Authorized("customers:write")
  @Mutation(() => [Customer], {
    description:
      "Writes up to 500 customers, all or none: one bad row rejects the whole list, each bad row named. A row whose code a customer has now changes it as updateCustomer does (the stored code keeps its spelling); every other row creates one. A code twice in the list is BAD_USER_INPUT. Answers in the order of the rows. Scope customers:write.",
  })
  upsertCustomers(
    @Arg("input", () => [CustomerInput], { description: "The rows." }) input: CustomerInput[],
    @Arg("validateOnly", () => Boolean, VALIDATE_ONLY) validateOnly: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Customer[]> {
    const options = { validateOnly };
    return context.write((scope) => this.customers.update.upsert(scope, input, options), options);
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Makes one customer of several: contacts, bank accounts, assets, work orders, contracts, invoices, history and codes (as previous codes) of the others move to the one kept, its empty fields are filled from them in the order given, and the others go to the trash, marked with what they were merged into. Scope customers:write.",
  })
  mergeCustomers(
    @Arg("keep", () => CustomerKey, { description: "The one kept." }) keep: CustomerKey,
    @Arg("from", () => [CustomerKey], { description: "The others, 1 to 20." }) from: CustomerKey[],
    @Arg("expectedVersions", () => [ExpectedVersion], {
      nullable: true,
      description:
        "The versions that the caller has seen: CONFLICT, with the current one, where one is another by now.",
    })
    expectedVersions: ExpectedVersion[] | null,
    @Arg("validateOnly", () => Boolean, VALIDATE_ONLY) validateOnly: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    const work = context.write((scope) => this.customers.merge.merge(scope, keep, from, expectedVersions ?? []), {
      validateOnly,
    });
    return work;
  }
}
