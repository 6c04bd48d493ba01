import { type ApolloServerPlugin, type GraphQLRequest } from "@apollo/server";
import { TrustedDocumentError } from "../errors/domain-errors";
import { type HttpContext } from "../graphql/http-context";
import { refuse } from "../graphql/refuse";
import { type TrustedDocuments } from "./trusted-documents";

/**
 * Executes trusted documents by their ids; where only they are executed, refuses others before they are parsed. A request that
 * sends a text is one for that text.
 */
export function createTrustedDocumentsPlugin(documents: TrustedDocuments): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart({ request }) {
      const refusal = resolve(request, documents);
      if (refusal) delete request.query; // so that Apollo goes no further
      return Promise.resolve({
        willSendResponse(context) {
          if (refusal) refuse(context, refusal, 400);
          return Promise.resolve();
        },
      });
    },
  };
}

/** Puts the text of the document that a request names into it. */
function resolve(request: GraphQLRequest, documents: TrustedDocuments): TrustedDocumentError | undefined {
  const id = documentId(request);
  if (request.extensions?.["persistedQuery"] !== undefined) {
    request.extensions = { ...request.extensions, persistedQuery: undefined }; // Apollo would look for it elsewhere
  }
  if (request.query) {
    const isAllowed = !documents.only || documents.has(request.query);
    return isAllowed ? undefined : new TrustedDocumentError("BAD_REQUEST", "TRUSTED_DOCUMENTS_ONLY");
  }
  if (id === undefined) {
    return documents.only ? new TrustedDocumentError("BAD_REQUEST", "TRUSTED_DOCUMENTS_ONLY") : undefined;
  }
  const text = documents.text(id);
  if (text === undefined) return new TrustedDocumentError("PERSISTED_QUERY_NOT_FOUND", "UNKNOWN_TRUSTED_DOCUMENT");
  request.query = text;
  return undefined;
}

/**
 * As GraphQL over HTTP names a document (`documentId`), or Apollo's clients (`extensions.persistedQuery.sha256Hash`).
 * @see GraphQL over HTTP, appendix A: Persisted Document Request
 */
function documentId({ http, extensions }: GraphQLRequest): string | undefined {
  const body = http?.body as { documentId?: unknown } | null | undefined;
  const id =
    http?.method === "GET" ? new URLSearchParams(http.search).get("documentId") : (body?.documentId ?? undefined);
  const persisted = extensions?.["persistedQuery"] as { sha256Hash?: unknown } | null | undefined;
  const named = id ?? persisted?.sha256Hash;
  return typeof named === "string" ? named : undefined;
}
