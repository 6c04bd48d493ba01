import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType } from "../pagination/connection";
import { Contract } from "./contract.entity";
import { ContractFilter, ContractInput, ContractPatch } from "./contract.input";
import { contractList } from "./contract.list";
import { type ContractService } from "./contract.service";

export const contractFields = createRecordResolvers({
  entity: Contract,
  connection: createConnectionType(Contract),
  filter: ContractFilter,
  list: contractList,
  one: "contract",
  many: "contracts",
  label: "contracts, newest first",
});

@Resolver(() => Contract)
export class ContractMutations {
  constructor(private readonly contracts: ContractService) {}

  @Authorized("work:write")
  @Mutation(() => Contract, {
    description:
      "Records a contract with a customer. NOT_FOUND where there is no such customer; CONFLICT where the code is taken. Scope work:write.",
  })
  createContract(
    @Arg("customer", () => CustomerKey, { description: "With whom." }) customer: CustomerKey,
    @Arg("input", () => ContractInput, { description: "The contract." }) input: ContractInput,
    @Ctx() context: RequestContext,
  ): Promise<Contract> {
    return context.write((scope) => this.contracts.create(scope, customer, input));
  }

  @Authorized("work:write")
  @Mutation(() => Contract, {
    description:
      "Changes a contract: what is left out stays, null clears. NOT_FOUND where there is none; CONFLICT where the code is taken. Scope work:write.",
  })
  updateContract(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Arg("input", () => ContractPatch, { description: "What to change." }) input: ContractPatch,
    @Ctx() context: RequestContext,
  ): Promise<Contract> {
    return context.write((scope) => this.contracts.update(scope, id, input));
  }

  @Authorized("work:write")
  @Mutation(() => ID, {
    description:
      "Deletes a contract for good, and answers with its id. NOT_FOUND where there is none. Scope work:write.",
  })
  deleteContract(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.contracts.delete(scope, id));
  }
}
