// Calls AWS with the released SDK, configured by environment variables only.
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const { Arn } = await new STSClient().send(new GetCallerIdentityCommand());
const s3 = new S3Client({ forcePathStyle: true });
const Bucket = `b-${process.pid}`;
await s3.send(new CreateBucketCommand({ Bucket }));
await s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: 'hello' }));
const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b' }));
process.stdout.write(JSON.stringify({ Arn, text: await Body?.transformToString() }));
