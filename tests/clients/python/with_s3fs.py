"""s3fs as a file system, and pyarrow that reads and writes a Parquet data set by it."""
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import s3fs

bucket = sys.argv[1]
fs = s3fs.S3FileSystem()
fs.mkdir(bucket)
table = pa.table({'n': list(range(50000)), 'g': [i % 4 for i in range(50000)]})
pq.write_to_dataset(table, f'{bucket}/set', partition_cols=['g'], filesystem=fs)
back = ds.dataset(f'{bucket}/set', filesystem=fs, partitioning='hive')
assert back.count_rows() == 50000
assert back.to_table(filter=ds.field('g') == 2, columns=['n']).num_rows == 12500
with fs.open(f'{bucket}/text', 'wb') as file:
    file.write(b'0123456789' * 1000000)
with fs.open(f'{bucket}/text', 'rb') as file:
    file.seek(9999995)
    assert file.read() == b'56789'
assert len(fs.find(bucket)) == 5
fs.mv(f'{bucket}/text', f'{bucket}/moved')
assert fs.info(f'{bucket}/moved')['size'] == 10000000
assert not fs.exists(f'{bucket}/text')
fs.rm(bucket, recursive=True)
assert not fs.exists(bucket)
print('mkdir, a Parquet data set written and read by a filter, seek, find, mv, rm')
