"""boto3 with its default settings: transfers in parts, checksums, pages, tags, presigned URLs, conditions."""
import hashlib
import io
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

bucket = sys.argv[1]
s3 = boto3.client('s3')
s3.create_bucket(Bucket=bucket)
large = bytes(range(256)) * (20 * 4096)
s3.upload_fileobj(io.BytesIO(large), bucket, 'large', ExtraArgs={'Metadata': {'a': 'b'}})
back = io.BytesIO()
s3.download_fileobj(bucket, 'large', back)
assert hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(large).digest()
assert s3.head_object(Bucket=bucket, Key='large')['Metadata'] == {'a': 'b'}
for algorithm in ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']:
    try:
        put = s3.put_object(Bucket=bucket, Key=f'sum/{algorithm}', Body=b'x' * 70000, ChecksumAlgorithm=algorithm)
    except Exception as error:
        # boto3 itself computes not all of them without the CRT.
        assert 'botocore[crt]' in str(error), error
        continue
    got = s3.get_object(Bucket=bucket, Key=f'sum/{algorithm}', ChecksumMode='ENABLED')
    assert got[f'Checksum{algorithm}'] == put[f'Checksum{algorithm}']
    assert got['Body'].read() == b'x' * 70000
keys = [f'page/{i:03}//ü+ %/' for i in range(25)]
for key in keys:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
pages = s3.get_paginator('list_objects_v2').paginate(Bucket=bucket, Prefix='page/', PaginationConfig={'PageSize': 7})
assert [one['Key'] for page in pages for one in page['Contents']] == keys
s3.copy({'Bucket': bucket, 'Key': 'large'}, bucket, 'copy')
s3.put_object_tagging(Bucket=bucket, Key='copy', Tagging={'TagSet': [{'Key': 'k', 'Value': 'v'}]})
assert s3.get_object_tagging(Bucket=bucket, Key='copy')['TagSet'] == [{'Key': 'k', 'Value': 'v'}]
# In us-east-1 boto3 presigns by version 2 unless it is told.
v4 = boto3.client('s3', config=Config(signature_version='s3v4'))
url = v4.generate_presigned_url('get_object', Params={'Bucket': bucket, 'Key': 'copy'})
assert urllib.request.urlopen(url).read() == large
try:
    s3.put_object(Bucket=bucket, Key='copy', Body=b'', IfNoneMatch='*')
    raise SystemExit('a condition was ignored')
except ClientError as error:
    assert error.response['Error']['Code'] == 'PreconditionFailed'
assert s3.get_object(Bucket=bucket, Key='large', Range='bytes=5-9')['Body'].read() == large[5:10]
names = [one['Key'] for page in s3.get_paginator('list_objects').paginate(Bucket=bucket) for one in page['Contents']]
deleted = s3.delete_objects(Bucket=bucket, Delete={'Objects': [{'Key': name} for name in names]})
assert len(deleted['Deleted']) == len(names) and 'Errors' not in deleted
s3.delete_bucket(Bucket=bucket)
print('transfers in parts, checksums, pages, copy, tags, presigned URL, conditions, ranges, DeleteObjects')
