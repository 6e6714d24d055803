"""The client that s3torchconnector is made of (mountpoint-s3-client, AWS CRT); its data sets need PyTorch."""
import os
import sys

import boto3
from s3torchconnectorclient._mountpoint_s3_client import MountpointS3Client

bucket = sys.argv[1]
boto3.client('s3').create_bucket(Bucket=bucket)
client = MountpointS3Client(
    region='us-east-1', user_agent_prefix='test', endpoint=os.environ['AWS_ENDPOINT_URL'], force_path_style=True
)
large = os.urandom(20 * 1024 * 1024)
for i in range(4):
    stream = client.put_object(bucket, f'dir/{i}')
    stream.write(large if i == 0 else f'sample {i}'.encode())
    stream.close()
got = b''.join(client.get_object(bucket, 'dir/0'))
assert got == large
names = [one.key for page in client.list_objects(bucket, 'dir/') for one in page.object_info]
assert names == [f'dir/{i}' for i in range(4)], names
assert client.head_object(bucket, 'dir/3').size == 8
client.copy_object(bucket, 'dir/3', bucket, 'dir/4')
for i in range(5):
    client.delete_object(bucket, f'dir/{i}')
print('put in parts, get, list, head, copy, delete (without PyTorch: it is not installed for this)')
