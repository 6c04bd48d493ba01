/**
 * Every sentence that a caller may read, by code. A sentence says what is wrong and what would be right; it never repeats
 * a value that was sent, other than codes and field names. Other languages are catalogues of the same shape.
 */
export interface MessageParameters {
  max?: number;
  min?: number;
  what?: string;
  region?: string | null;
  nearest?: readonly string[];
  options?: readonly string[];
  type?: string;
}

type Catalogue<Code extends string> = Record<Code, (parameters: MessageParameters) => string>;

const list = (values: readonly string[] | undefined): string => (values ?? []).map((value) => `"${value}"`).join(", ");
const nearest = ({ nearest: values }: MessageParameters): string =>
  values?.length ? ` Nearest: ${list(values)}.` : "";

/** The shape that a custom field of a type takes. */
const VALUE_SHAPES: Record<string, string> = {
  TEXT: "a string",
  NUMBER: "a number",
  BOOLEAN: "true or false",
  DATE: "a day as YYYY-MM-DD",
  SELECT: "one of its options",
  MULTI_SELECT: "a list of its options",
};

const english = {
  REQUIRED: ({ what }) => `${what ?? "A value"} is required.`,
  TOO_LONG: ({ max }) => `At most ${max} characters are allowed.`,
  TOO_MANY: ({ max }) => `At most ${max} entries are allowed.`,
  TOO_FEW: ({ min }) => `At least ${min} is needed.`,
  OUT_OF_RANGE: ({ min, max }) => `Must be a whole number from ${min} to ${max}.`,
  INVALID_TEXT: () => "Contains a character that cannot be stored (U+0000 or half of a surrogate pair). Remove it.",
  CONTROL_CHARACTERS: () => "Must not contain control characters or line breaks.",
  INVALID_VALUE: ({ what }) => what ?? "This value does not fit its type.",
  INVALID_EMAIL: () => "Must be an e-mail address such as name@example.com.",
  INVALID_PHONE: ({ region }) =>
    region
      ? `Must be a phone number that is possible in ${region}, or an international one such as +84 912 345 678.`
      : "Must be an international phone number such as +84 912 345 678; a national one needs phoneRegion or the tenant's default region.",
  INVALID_URL: () => "Must be a web address that starts with http:// or https://.",
  INVALID_COUNTRY: () => 'Must be an ISO 3166-1 alpha-2 code such as "VN", or a country\'s name.',
  INVALID_REGION: () => 'Must be an ISO 3166-1 alpha-2 code such as "VN", or a dialling code such as "+84".',
  INVALID_CURRENCY: () => 'Must be an ISO 4217 code of three capital letters such as "VND".',
  INVALID_ID: () => "Must be an id as Clientele gives them (a UUID).",
  UNKNOWN_CODE: (p) => `There is no ${p.what} with this code.${nearest(p)}`,
  UNKNOWN_REFERENCE: ({ what }) => `There is no such ${what}.`,
  UNKNOWN_FIELD: (p) => `There is no custom field with this code.${nearest(p)}`,
  WRONG_FIELD_VALUE: ({ type, options }) =>
    `This custom field is ${type}: its value is ${VALUE_SHAPES[type ?? ""] ?? "of that type"}${options?.length ? ` (${list(options)})` : ""}.`,
  RANGE_NOT_ALLOWED: () => "Ranges (gte, lt) are for custom fields of type NUMBER and DATE.",
  DUPLICATE: ({ what }) => `${what ?? "The same value"} is given twice.`,
  SECOND_PRIMARY: () => "At most one contact of a customer can be primary.",
  CONTACT_REQUIRED: () => "A customer of kind COMPANY needs at least one contact here (setting companyNeedsContact).",
  NULL_NOT_ALLOWED: () => "Must not be null: leave it out, or give a value.",
  EXACTLY_ONE: ({ what }) => `Give exactly one of ${what}.`,
  TOP_LEVEL_ONLY: () => "Is allowed at the top level of a filter only.",
  TOO_DEEP: ({ max }) => `Filters can be nested ${max} levels deep and hold 100 conditions.`,
  INVALID_CURSOR: () =>
    "Is not a cursor of this list in this order. Use a cursor that the same list gave, with the same orderBy.",
  PAGE_SIZE: ({ max }) => `A page has 0 to ${max} entries.`,
  PAGING_DIRECTION: () => "Page forward with first and after, or backward with last and before; not both.",
  WRONG_ORDER: ({ what }) => `Must not be before ${what}.`,
  OPTIONS_REQUIRED: () => "A field of type SELECT or MULTI_SELECT needs at least one option.",
  OPTIONS_NOT_ALLOWED: () => "Options are for fields of type SELECT and MULTI_SELECT.",
  NOT_ALLOWED_HERE: ({ what }) => `${what ?? "This"} is not allowed here.`,
  BAD_USER_INPUT: ({ max }) => (max === 1 ? "The input has a problem." : `The input has ${max} problems.`),
  NOT_FOUND: ({ what }) => `${what} not found.`,
  UNAUTHENTICATED: () => "Send a valid API key: Authorization: Bearer ck_…",
  FORBIDDEN: ({ what }) => `This needs the scope ${what}.`,
  CODE_TAKEN: ({ what }) => `Another ${what} has this code already. Choose another code.`,
  DUPLICATE_VALUE: () => "This would store something a second time that may exist once only.",
  TRY_AGAIN: () => "Another request changed the same record at the same time. Try again.",
  REMEDY_ACTIVE_WORK_ORDER: () => "Complete or cancel these work orders first.",
  REMEDY_ACTIVE_CONTRACT: () => "Let these contracts expire or terminate them first.",
  REMEDY_PENDING_INVOICE: () => "Have these invoices paid or void them first.",
  TIMEOUT: () => "This took longer than allowed and was stopped. Ask for less at once, or try again.",
  SERVICE_UNAVAILABLE: () => "The database cannot be reached right now. Try again in a few seconds.",
  INTERNAL_SERVER_ERROR: () => "Internal server error",
} as const satisfies Catalogue<string>;

export type MessageCode = keyof typeof english;

/** The sentence for a code. */
export function message(code: MessageCode, parameters: MessageParameters = {}): string {
  return english[code](parameters);
}
