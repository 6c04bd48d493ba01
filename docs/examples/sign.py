# python3 sign.py '{"query":"{ viewer { credential } }"}'
import hashlib, hmac, os, sys, time, urllib.request, uuid

client_id = os.environ["CLIENTELE_CLIENT_ID"]
secret = os.environ["CLIENTELE_SECRET"]
body = sys.argv[1].encode("utf-8")
path = f"/graphql?r={uuid.uuid4()}"  # no two requests are alike: each signature is accepted once
timestamp = str(int(time.time()))
body_hash = hashlib.sha256(body).hexdigest()
text = "\n".join(["v1", client_id, timestamp, "POST", path, body_hash])
signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

request = urllib.request.Request(
    os.environ["CLIENTELE_URL"] + path,
    data=body,
    headers={
        "Content-Type": "application/json",
        "X-Client-Id": client_id,
        "X-Timestamp": timestamp,
        "X-Signature": signature,
    },
)
print(urllib.request.urlopen(request).read().decode("utf-8"))
