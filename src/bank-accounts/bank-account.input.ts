import { Field, ID, InputType } from "type-graphql";
import { PresentText, Text } from "../validation/validators";

@InputType({ description: "A bank account of a customer." })
export class BankAccountInput {
  @Field(() => ID, {
    nullable: true,
    description: "The account that is meant, inside a customer's list only. BAD_USER_INPUT elsewhere.",
  })
  id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The bank's code in its country's scheme, at most 64 characters.",
  })
  @Text(64)
  bankCode?: string | null;

  @Field(() => String, { nullable: true, description: "The bank's name, at most 200 characters." })
  @Text(200)
  bankName?: string | null;

  @Field(() => String, { nullable: true, description: "Whose account it is, at most 300 characters." })
  @Text(300)
  accountHolderName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The account number or IBAN as it is written, at most 64 characters. Required where there is no id. Encrypted at rest.",
  })
  @Text(64)
  accountNumber?: string | null;
}

@InputType({ description: "What to change of a bank account: what is left out stays, null clears." })
export class BankAccountPatch {
  @Field(() => String, {
    nullable: true,
    description: "The bank's code in its country's scheme, at most 64 characters.",
  })
  @Text(64)
  bankCode?: string | null;

  @Field(() => String, { nullable: true, description: "The bank's name, at most 200 characters." })
  @Text(200)
  bankName?: string | null;

  @Field(() => String, { nullable: true, description: "Whose account it is, at most 300 characters." })
  @Text(300)
  accountHolderName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The account number or IBAN as it is written, at most 64 characters; not null.",
  })
  @PresentText(64, "An account number")
  accountNumber?: string | null;
}
