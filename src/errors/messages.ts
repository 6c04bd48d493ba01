import { vietnamese } from "./messages.vi";

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
  line?: number;
  count?: number;
  /** A place in a text, counted from 1. */
  at?: number;
}

export type Catalogue<Code extends string> = Record<Code, (parameters: MessageParameters) => string>;

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

/** What an operation can have too much of. */
const LIMITED: Record<string, string> = {
  tokens: "tokens (words and signs of the document)",
  depth: "levels of fields within each other",
  aliases: "aliases, with fragments counted wherever they are spread",
  directives: "directives, with fragments counted wherever they are spread",
  fields: "fields, with fragments counted wherever they are spread",
  objects: "objects in the answer, as estimated from the sizes of its lists",
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
  UNAUTHENTICATED: () =>
    "Send one valid credential: an API key or a token as Authorization: Bearer …, or a signed request.",
  FORBIDDEN: ({ what }) => `This needs the scope ${what}.`,
  CODE_TAKEN: ({ what }) => `Another ${what} has this code already. Choose another code.`,
  STALE_VERSION: () =>
    "The record has been changed since. Read it again, and send the change with its current version.",
  NOT_IN_TRASH: () => "The customer is not in the trash. Delete it first.",
  BLOCKED: () => "The customer cannot be deleted yet. See blockers for what is in the way, and what to do about it.",
  IN_USE: ({ what, max }) => `${max} customers carry this ${what}. Name another one in reassignTo for them.`,
  HAS_VALUES: ({ max }) =>
    `${max} customers have a value of this field. Set discardValues to true to lose these values.`,
  TYPE_IN_USE: ({ max }) => `${max} customers have a value of this field: its type can change only while none has.`,
  OPTION_IN_USE: ({ options }) =>
    `Customers have these options as their value: ${list(options)}. Keep them, or change those customers first.`,
  SAME_TERM: () => "Name another one than the one that is deleted.",
  LAST_CONTACT: () =>
    "A customer of kind COMPANY needs at least one contact here (setting companyNeedsContact): add another one first.",
  MERGE_WITH_ITSELF: () => "A customer cannot be merged with itself, and each other one is named once.",
  FINAL_STATUS: () =>
    "A work order that is COMPLETED or CANCELLED can be opened again only with the scope settings:write.",
  IDEMPOTENCY_KEY_REUSED: () => "This Idempotency-Key was used for another request. Use a new key for a new request.",
  INVALID_IDEMPOTENCY_KEY: () => "Idempotency-Key must have 1 to 255 visible ASCII characters.",
  DUPLICATE_VALUE: () => "This would store something a second time that may exist once only.",
  TRY_AGAIN: () => "Another request changed the same record at the same time. Try again.",
  REMEDY_ACTIVE_WORK_ORDER: () => "Complete or cancel these work orders first.",
  REMEDY_ACTIVE_CONTRACT: () => "Let these contracts expire or terminate them first.",
  REMEDY_PENDING_INVOICE: () => "Have these invoices paid or void them first.",
  INVALID_JSON: ({ at }) =>
    `This line is not JSON${at === undefined ? "" : ` (see character ${at})`}. A line holds one whole object.`,
  INVALID_ENCODING: () => "This line is not UTF-8. Save the file in that encoding.",
  LINE_TOO_LONG: ({ max }) => `A line has at most ${max} bytes; of this one only the beginning is shown.`,
  CODE_ON_LINE: ({ line }) => `Line ${line} has this code already. Each customer needs one of its own.`,
  QUERY_TOO_COMPLEX: ({ type, max = 0, count, what }) =>
    `The operation asks for ${count ?? `more than ${max}`} ${LIMITED[type ?? ""]}; ${max} are allowed. ` +
    (what === undefined ? "Ask for less at once, or in several operations." : `${what} would fit.`),
  RATE_LIMITED: ({ count }) =>
    `This credential has asked for too much in a short time. Try again in ${count} ${count === 1 ? "second" : "seconds"}.`,
  TRUSTED_DOCUMENTS_ONLY: () =>
    "Only trusted documents are executed here. Name one by its id in documentId, or send its text exactly as it is.",
  UNKNOWN_TRUSTED_DOCUMENT: () =>
    "There is no trusted document with this id. The gateway may have been started with an older list of documents.",
  TIMEOUT: () => "This took longer than allowed and was stopped. Ask for less at once, or try again.",
  SERVICE_UNAVAILABLE: () => "The database cannot be reached right now. Try again in a few seconds.",
  INTERNAL_SERVER_ERROR: () => "Internal server error",
} as const satisfies Catalogue<string>;

export type MessageCode = keyof typeof english;

/** A language that sentences can be had in; codes are the same in each. */
export const LANGUAGES = ["en", "vi"] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Record<Language, Catalogue<MessageCode>> = { en: english, vi: vietnamese };

/** The sentence for a code. */
export function message(code: MessageCode, parameters: MessageParameters = {}, language: Language = "en"): string {
  return CATALOGUES[language][code](parameters);
}
