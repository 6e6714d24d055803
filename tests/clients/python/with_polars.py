"""polars writes and scans Parquet over S3."""
import os
import sys

import polars as pl
import pyarrow.fs

bucket = sys.argv[1]
endpoint = os.environ['AWS_ENDPOINT_URL']
host = endpoint.split('://')[1]
pyarrow.fs.S3FileSystem(endpoint_override=host, scheme='http', allow_bucket_creation=True).create_dir(bucket)
options = {'endpoint_url': endpoint, 'allow_http': 'true'}
frame = pl.DataFrame({'n': range(100000), 'g': [i % 5 for i in range(100000)]})
for part in range(3):
    frame.write_parquet(f's3://{bucket}/set/{part}.parquet', storage_options=options)
scan = pl.scan_parquet(f's3://{bucket}/set/*.parquet', storage_options=options)
assert scan.select(pl.len()).collect().item() == 300000
assert scan.filter(pl.col('g') == 3).select(pl.col('n').sum()).collect().item() == 3 * sum(range(3, 100000, 5))
print('Parquet written, scanned by a pattern with a filter')
