import { AddressInput } from "../addresses/address.input";
import { BankAccountInput } from "../bank-accounts/bank-account.input";
import { ContactInput } from "../contacts/contact.input";
import { CustomFieldInput } from "../custom-fields/custom-field.input";
import { CustomerInput } from "./customer.input";

/** A customer's input with those nested in it, for InputReader. */
export const CUSTOMER_INPUT_CLASSES = [CustomerInput, AddressInput, ContactInput, BankAccountInput, CustomFieldInput];
