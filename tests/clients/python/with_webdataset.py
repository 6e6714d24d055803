"""WebDataset: shards written, put and read through a pipe of s3fs."""
import io
import os
import sys

import s3fs
import webdataset as wds

bucket = sys.argv[1]
fs = s3fs.S3FileSystem()
fs.mkdir(bucket)
for shard in range(3):
    with fs.open(f'{bucket}/shard-{shard:03}.tar', 'wb') as file:
        with wds.TarWriter(file) as writer:
            for i in range(200):
                writer.write({'__key__': f'{shard}-{i:04}', 'txt': f'sample {i}', 'cls': i % 10})
read = f"{sys.executable} -c \"import s3fs,sys;f=s3fs.S3FileSystem().open('{bucket}/'+sys.argv[1]);sys.stdout.buffer.write(f.read())\""
urls = [f'pipe:{read} shard-{shard:03}.tar' for shard in range(3)]
data = wds.WebDataset(urls, shardshuffle=False).decode().to_tuple('txt', 'cls')
samples = list(data)
assert len(samples) == 600 and samples[-1] == ('sample 199', 9), samples[-1]
fs.rm(bucket, recursive=True)
print('three shards written, 600 samples read through pipes')
