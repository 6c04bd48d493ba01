import {
  ArrayMaxSize,
  IsEmail,
  IsOptional,
  IsUrl,
  MaxLength,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from "class-validator";
import { type MessageCode, type MessageParameters } from "../errors/messages";
import { hasControlCharacters } from "../text/text";

/** What a failed rule says, in words of the catalogue; read by validate-input.ts. */
export interface RuleContext {
  readonly code: MessageCode;
  readonly parameters: MessageParameters;
}

const says = (code: MessageCode, parameters: MessageParameters = {}): ValidationOptions => ({
  message: code, // class-validator hands a rule's context on only where its message is not empty
  context: { code, parameters } satisfies RuleContext,
});

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

/** Rules that only a text can break: class-validator's own refuse null as well. */
const rule = (name: string, holds: (text: string) => boolean, options: ValidationOptions): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: (value) => typeof value !== "string" || holds(value) } }, options);

const AtMost = (max: number): PropertyDecorator =>
  rule("atMost", (text) => text.length <= max, says("TOO_LONG", { max }));

/** A text of at most so many characters; may be absent or null. */
export const Text = (max: number): PropertyDecorator => all(IsOptional(), AtMost(max));

/** What has to be there. The schema's `String!` sees to null; this, to blanks, which are null by now. */
const Required = (what: string): PropertyDecorator =>
  ValidateBy({ name: "required", validator: { validate: (value) => value != null } }, says("REQUIRED", { what }));

/** A text that has to be there. */
export const RequiredText = (max: number, what: string): PropertyDecorator => all(Required(what), AtMost(max));

/** A text that, where a patch gives it, must say something. */
export const PresentText = (max: number, what: string): PropertyDecorator =>
  all(
    ValidateBy({ name: "present", validator: { validate: (value) => value !== null } }, says("REQUIRED", { what })),
    AtMost(max),
  );

/** Of what stands in codes: a text on one line, in which nothing is invisible. */
export const NoControlCharacters = (): PropertyDecorator =>
  rule("noControlCharacters", (text) => !hasControlCharacters(text), says("CONTROL_CHARACTERS"));

/** A code: at most 64 characters on one line. */
export const MAX_CODE_LENGTH = 64;
export const Code = (): PropertyDecorator => all(Text(MAX_CODE_LENGTH), NoControlCharacters());
export const RequiredCode = (): PropertyDecorator =>
  all(RequiredText(MAX_CODE_LENGTH, "A code"), NoControlCharacters());

/** An e-mail address; local parts outside ASCII are accepted, as RFC 6531 allows. */
export const Email = (): PropertyDecorator =>
  all(Text(254), IsEmail({ allow_utf8_local_part: true }, says("INVALID_EMAIL")));

/** A web address. */
export const WebAddress = (): PropertyDecorator =>
  all(
    Text(2048),
    IsUrl({ protocols: ["http", "https"], require_protocol: true, require_tld: false }, says("INVALID_URL")),
  );

/** An ISO 4217 code. That it is one in use is not checked: currencies come and go. */
export const Currency = (): PropertyDecorator =>
  rule("currency", (text) => /^[A-Z]{3}$/.test(text), says("INVALID_CURRENCY"));
export const RequiredCurrency = (): PropertyDecorator => all(Required("A currency"), Currency());

/** A list of at most so many entries; may be absent or null. */
export const List = (max: number): PropertyDecorator => all(IsOptional(), ArrayMaxSize(max, says("TOO_MANY", { max })));

/** A list of texts, each of at most so many characters. */
export const Texts = (max: number, maxLength: number): PropertyDecorator =>
  all(List(max), MaxLength(maxLength, { each: true, ...says("TOO_LONG", { max: maxLength }) }));

/** An input within an input, or a list of them. */
export const Nested = (): PropertyDecorator => all(IsOptional(), ValidateNested());

/** A list of inputs within an input. */
export const NestedList = (max: number): PropertyDecorator => all(List(max), ValidateNested({ each: true }));

/** A value that a patch may leave out, but not clear. */
export const NotNull = (): PropertyDecorator =>
  ValidateBy({ name: "notNull", validator: { validate: (value) => value !== null } }, says("NULL_NOT_ALLOWED"));

/** A code that a patch may leave out, but not clear. */
export const PresentCode = (): PropertyDecorator => all(PresentText(MAX_CODE_LENGTH, "A code"), NoControlCharacters());
