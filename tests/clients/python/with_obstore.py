"""obstore (Rust's object_store): put, multipart, ranges, conditional put, list, rename, delete."""
import os
import sys

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

bucket = sys.argv[1]
endpoint = os.environ['AWS_ENDPOINT_URL']
import pyarrow.fs  # the bucket is made by another library: object_store does not make any

host = endpoint.split('://')[1]
pyarrow.fs.S3FileSystem(endpoint_override=host, scheme='http', allow_bucket_creation=True).create_dir(bucket)
store = S3Store(bucket, endpoint=endpoint, client_options={'allow_http': True})
large = os.urandom(12 * 1024 * 1024)
obstore.put(store, 'large', large)
assert bytes(obstore.get(store, 'large').bytes()) == large
assert bytes(obstore.get_range(store, 'large', start=7, length=9)) == large[7:16]
obstore.put(store, 'once', b'1', mode='create')
try:
    obstore.put(store, 'once', b'2', mode='create')
    raise SystemExit('a condition was ignored')
except AlreadyExistsError:
    pass
obstore.copy(store, 'large', 'dir/copy')
obstore.rename(store, 'once', 'dir/twice')
names = sorted(one['path'] for page in obstore.list(store) for one in page)
assert names == ['dir/copy', 'dir/twice', 'large'], names
assert obstore.list_with_delimiter(store)['common_prefixes'] == ['dir']
obstore.delete(store, names)
print('put in parts, get, ranges, conditional put, copy, rename, list, delete; bucket made by pyarrow.fs')
