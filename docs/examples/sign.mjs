// node sign.mjs '{"query":"{ viewer { credential } }"}'
import { createHash, createHmac, randomUUID } from "node:crypto";

const { CLIENTELE_URL, CLIENTELE_CLIENT_ID: clientId, CLIENTELE_SECRET: secret } = process.env;
const body = process.argv[2];
const path = `/graphql?r=${randomUUID()}`; // no two requests are alike: each signature is accepted once
const timestamp = String(Math.floor(Date.now() / 1000));
const bodyHash = createHash("sha256").update(body).digest("hex");
const text = ["v1", clientId, timestamp, "POST", path, bodyHash].join("\n");
const signature = createHmac("sha256", secret).update(text).digest("hex");

const response = await fetch(CLIENTELE_URL + path, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "x-client-id": clientId,
    "x-timestamp": timestamp,
    "x-signature": signature,
  },
  body,
});
console.log(await response.text());
