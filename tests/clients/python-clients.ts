import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pythonEnvironment } from '../stock/python-environment.ts'
import versions from '../stock/versions.json' with { type: 'json' }
import { type Client, command } from './client.ts'

/** A library of Python, used by a script beside this file that prints what it did. */
function pythonClient(
  name: string,
  environment: keyof typeof versions.python,
  script: string,
): Client {
  return {
    name,
    async prepare() {
      return join(await pythonEnvironment(environment, versions.python[environment]), 'python')
    },
    async exercise(python, setting) {
      const file = fileURLToPath(new URL(`python/${script}`, import.meta.url))
      return (await command(setting, python, [file, setting.bucket])).trim()
    },
  }
}

export const pythonClients: readonly Client[] = [
  pythonClient('boto3', 'boto3', 'with_boto3.py'),
  pythonClient('boto3[crt]', 'aws', 'with_boto3.py'),
  pythonClient('s3fs + pyarrow', 'data', 'with_s3fs.py'),
  pythonClient('obstore', 'data', 'with_obstore.py'),
  pythonClient('polars', 'data', 'with_polars.py'),
  pythonClient('webdataset', 'data', 'with_webdataset.py'),
  pythonClient('s3torchconnectorclient', 'torch', 'with_s3torchconnector.py'),
]
