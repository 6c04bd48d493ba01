# sh sign.sh '{"query":"{ viewer { credential } }"}'
body=$1
path="/graphql?r=$(openssl rand -hex 16)" # no two requests are alike: each signature is accepted once
timestamp=$(date +%s)
body_hash=$(printf %s "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)
signature=$(printf 'v1\n%s\n%s\nPOST\n%s\n%s' "$CLIENTELE_CLIENT_ID" "$timestamp" "$path" "$body_hash" |
  openssl dgst -sha256 -hmac "$CLIENTELE_SECRET" -r | cut -d' ' -f1)
curl -s "$CLIENTELE_URL$path" -H "Content-Type: application/json" -H "X-Client-Id: $CLIENTELE_CLIENT_ID" \
  -H "X-Timestamp: $timestamp" -H "X-Signature: $signature" --data-binary "$body"
