"""A moto server in one thread, and boto3 as its witness: one request a line, one answer a line."""
import json
import sys

import boto3
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
address = "http://%s:%s" % server.get_host_and_port()
print(json.dumps({"ok": address}), flush=True)

clients = {}
for line in sys.stdin:
    asked = json.loads(line)
    who = (asked["service"], asked["id"], asked["secret"])
    if who not in clients:
        clients[who] = boto3.client(
            who[0], endpoint_url=address, region_name="us-east-1",
            aws_access_key_id=who[1], aws_secret_access_key=who[2],
        )
    try:
        answer = {"ok": getattr(clients[who], asked["call"])(**asked["with"])}
    except ClientError as error:
        answer = {"error": error.response["Error"]["Code"]}
    print(json.dumps(answer, default=str), flush=True)
