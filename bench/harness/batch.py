"""Objects by the Python SDK, written, read one by one, or in batches: batch.py ENDPOINT BUCKET PREFIX COUNT BYTES put|gets|batch SECONDS"""
import json
import sys
import time

from aistore import Client

endpoint, name, prefix, count, size, way, seconds = sys.argv[1:]
count, size, seconds = int(count), int(size), float(seconds)
client = Client(endpoint)
bucket = client.bucket(name)
names = [f'{prefix}{index}' for index in range(count)]


def put():
    for name in names:
        bucket.object(name).get_writer().put_content(b'x' * size)
    return [size] * count


def gets():
    return [len(bucket.object(name).get_reader().read_all()) for name in names]


def batch():
    return [len(content) for _, content in client.batch(names, bucket=bucket).get()]


run = {'put': put, 'gets': gets, 'batch': batch}[way]
times = []
end = time.perf_counter() + seconds
while not times or time.perf_counter() < end:
    start = time.perf_counter()
    sizes = run()
    times.append((time.perf_counter() - start) * 1000)
    assert sizes == [size] * count, f'{len(sizes)} objects, sizes {set(sizes)}'
print(json.dumps(times))
