import { LRUCache } from "lru-cache";
import Negotiator from "negotiator";
import { LANGUAGES, type Language } from "../errors/messages";

/** Browsers and applications send a few headers again and again. */
const known = new LRUCache<string, Language>({ max: 100 });
/** Longer ones are looked at each time. */
const MAX_KNOWN_LENGTH = 200;

/**
 * The language of a request's messages, from its Accept-Language header; English where it asks for none that there is.
 * @see RFC 9110, section 12.5.4
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return "en";
  let language = known.get(acceptLanguage);
  if (!language) {
    language = preferredIn(acceptLanguage);
    if (acceptLanguage.length <= MAX_KNOWN_LENGTH) known.set(acceptLanguage, language);
  }
  return language;
}

function preferredIn(acceptLanguage: string): Language {
  const [preferred] = new Negotiator({ headers: { "accept-language": acceptLanguage } }).languages([...LANGUAGES]);
  return LANGUAGES.find((language) => language === preferred) ?? "en";
}
