import Negotiator from "negotiator";
import { LANGUAGES, type Language } from "../errors/messages";

/**
 * The language of a request's messages, from its Accept-Language header; English where it asks for none that there is.
 * @see RFC 9110, section 12.5.4
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  const [preferred] = new Negotiator({ headers: { "accept-language": acceptLanguage } }).languages([...LANGUAGES]);
  return LANGUAGES.find((language) => language === preferred) ?? "en";
}
