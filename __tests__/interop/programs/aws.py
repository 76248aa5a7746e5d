"""A later step with boto3: caller identity, and five megabytes uploaded and downloaded."""
import os

import boto3

print(boto3.__version__)
print(boto3.client("sts").get_caller_identity()["Arn"])
s3 = boto3.client("s3")
s3.create_bucket(Bucket="made-here")
content = os.urandom(5_000_000)
s3.put_object(Bucket="made-here", Key="a b/five", Body=content)
assert s3.get_object(Bucket="made-here", Key="a b/five")["Body"].read() == content
names = [one["Key"] for one in s3.list_objects_v2(Bucket="made-here")["Contents"]]
assert names == ["a b/five"], names
s3.delete_object(Bucket="made-here", Key="a b/five")
s3.delete_bucket(Bucket="made-here")
