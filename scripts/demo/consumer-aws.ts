// A later step with AWS's SDK. It reads the credentials from the environment variables that the action exported.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
console.log(`caller         ${Arn}`);

const s3 = new S3Client({ forcePathStyle: true });
const [Bucket, Key, Body] = ['made-by-a-job', 'greeting', 'hello from the other cloud'];
await s3.send(new CreateBucketCommand({ Bucket }));
await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
const text = await object.Body?.transformToString();
console.log(`object read    ${text}`);
if (text !== Body) throw new Error('the object differs from the uploaded one');
await s3.send(new DeleteObjectCommand({ Bucket, Key }));
await s3.send(new DeleteBucketCommand({ Bucket }));
console.log('bucket deleted');
