import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianProgram, goProgram } from '../stock/programs.ts'
import { pythonEnvironment } from '../stock/python-environment.ts'
import versions from '../stock/versions.json' with { type: 'json' }
import { type Client, command, expectText, type Setting } from './client.ts'

/** A large file (in several parts for every client), many small ones, names that need care. */
async function makeTree({ folder }: Setting): Promise<void> {
  await mkdir(join(folder, 'tree/a b/ü+%'), { recursive: true })
  const large = Buffer.alloc(20 * 1024 * 1024)
  for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) >>> 0, at)
  await writeFile(join(folder, 'tree/large'), large)
  await writeFile(join(folder, 'tree/empty'), '')
  for (let i = 0; i < 30; i++) await writeFile(join(folder, `tree/a b/ü+%/f${i}`), `file ${i}`)
}

async function sameTree(setting: Setting, copy: string): Promise<void> {
  await command(setting, 'diff', ['-r', 'tree', copy])
}

const awsPrograms = (name: string) => async () =>
  join(await pythonEnvironment('aws', versions.python.aws), name)

/** F14.04: 1 GiB in parts, there and back; an upload by hand that is listed and given up. */
async function useParts(aws: string, setting: Setting): Promise<void> {
  const { bucket, folder } = setting
  const huge = join(folder, 'huge')
  const piece = Buffer.alloc(16 * 1024 * 1024)
  for (let index = 0; index < 64; index++) {
    for (let at = 0; at < piece.length; at += 4096)
      piece.writeUInt32LE(index * 4096 + at / 4096, at)
    await appendFile(huge, piece)
  }
  const call = (...args: readonly string[]) => command(setting, aws, args)
  await call('s3', 'cp', 'huge', `s3://${bucket}/huge`, '--no-progress')
  await call('s3', 'cp', `s3://${bucket}/huge`, 'huge-back', '--no-progress')
  await command(setting, 'cmp', ['huge', 'huge-back'])
  await rm(join(folder, 'huge-back'))
  const api = (name: string, ...args: readonly string[]) =>
    call('s3api', name, '--bucket', bucket, '--output', 'json', ...args)
  await api('delete-object', '--key', 'huge')
  const { UploadId } = JSON.parse(await api('create-multipart-upload', '--key', 'parts'))
  const upload = ['--key', 'parts', '--upload-id', UploadId]
  for (const number of ['1', '3']) {
    await api('upload-part', ...upload, '--part-number', number, '--body', 'tree/large')
  }
  const { Parts } = JSON.parse(await api('list-parts', ...upload))
  const numbers = Parts.map((part: { PartNumber: number }) => part.PartNumber).join()
  if (numbers !== '1,3') throw new Error(`list-parts gave ${numbers}`)
  expectText(await api('list-multipart-uploads'), UploadId, 'list-multipart-uploads')
  await api('abort-multipart-upload', ...upload)
  const left = await api('list-multipart-uploads')
  if (left.includes(UploadId)) throw new Error('an upload that was given up is listed')
}

/** F14.05: all keys of a request that is as large as they may be. */
async function deleteThousand(aws: string, setting: Setting): Promise<void> {
  const { bucket, folder } = setting
  await mkdir(join(folder, 'many'))
  const keys = Array.from({ length: 1_000 }, (_, index) => `${index}`)
  for (const key of keys) await writeFile(join(folder, 'many', key), key)
  await command(setting, aws, ['s3', 'sync', 'many', `s3://${bucket}/many`, '--no-progress'])
  const Objects = keys.map((key) => ({ Key: `many/${key}` }))
  await writeFile(join(folder, 'delete.json'), JSON.stringify({ Objects }))
  const bulk = ['s3api', 'delete-objects', '--bucket', bucket, '--delete', 'file://delete.json']
  const { Deleted, Errors } = JSON.parse(await command(setting, aws, [...bulk, '--output', 'json']))
  if (Deleted.length !== 1_000 || Errors !== undefined) throw new Error('not all were deleted')
}

const awsCli: Client = {
  name: 'aws CLI',
  prepare: awsPrograms('aws'),
  async exercise(aws, setting) {
    await makeTree(setting)
    const at = `s3://${setting.bucket}`
    const s3 = (...args: readonly string[]) => command(setting, aws, ['s3', ...args])
    await s3('mb', at)
    await s3('cp', 'tree/large', `${at}/large`, '--no-progress')
    await s3('sync', 'tree', `${at}/tree`, '--no-progress')
    expectText(
      await s3('ls', `${at}/tree/`, '--recursive', '--summarize'),
      'Total Objects: 32',
      'ls',
    )
    await s3('cp', `${at}/large`, `${at}/copy`, '--no-progress')
    await s3('mv', `${at}/copy`, `${at}/moved`, '--no-progress')
    await s3('sync', `${at}/tree`, 'back', '--no-progress')
    await sameTree(setting, 'back')
    await s3('rm', at, '--recursive')
    await useParts(aws, setting)
    await deleteThousand(aws, setting)
    await s3('rb', at)
    return 'mb, cp (also 1 GiB both ways), sync both ways, ls, copy, mv, rm, rb, uploads, 1,000 deletes'
  },
}

const s3cmd: Client = {
  name: 's3cmd',
  prepare: awsPrograms('s3cmd'),
  async exercise(program, setting) {
    await makeTree(setting)
    const { host } = new URL(setting.endpoint)
    await writeFile(
      join(setting.folder, 's3cfg'),
      `[default]\naccess_key = ${setting.accessKey}\nsecret_key = ${setting.secretKey}\nhost_base = ${host}\nhost_bucket = ${host}\nuse_https = False\n`,
    )
    const at = `s3://${setting.bucket}`
    const s3 = (...args: readonly string[]) =>
      command(setting, program, ['-c', 's3cfg', '--no-progress', ...args])
    await s3('mb', at)
    await s3('put', 'tree/large', `${at}/large`)
    await s3('sync', 'tree/', `${at}/tree/`)
    expectText(await s3('ls', '-r', at), 'tree/a b/ü+%/f29', 'ls')
    await s3('cp', `${at}/large`, `${at}/copy`)
    expectText(await s3('info', `${at}/copy`), 'File size: 20971520', 'info')
    await s3('sync', `${at}/tree/`, 'back/')
    await sameTree(setting, 'back')
    await s3('del', '-r', '-f', at)
    await s3('rb', at)
    return 'mb, put in parts, sync both ways, ls, cp, info, del, rb'
  },
}

const rclone: Client = {
  name: 'rclone',
  prepare: () => debianProgram('rclone', versions.debian.rclone),
  async exercise(program, setting) {
    await makeTree(setting)
    await writeFile(
      join(setting.folder, 'rclone.conf'),
      `[s]\ntype = s3\nprovider = Other\nendpoint = ${setting.endpoint}\nenv_auth = true\n`,
    )
    const at = `s:${setting.bucket}`
    const call = (...args: readonly string[]) =>
      command(setting, program, ['--config', 'rclone.conf', '--s3-upload-cutoff', '6M', ...args])
    await call('mkdir', at)
    await call('copy', 'tree', `${at}/tree`)
    await call('check', 'tree', `${at}/tree`)
    await call('sync', `${at}/tree`, 'back')
    await sameTree(setting, 'back')
    expectText(await call('size', at), 'Total objects: 32', 'size')
    await call('moveto', `${at}/tree/large`, `${at}/moved`)
    await call('purge', at)
    return 'mkdir, copy in parts, check, sync, size, moveto, purge'
  },
}

const mc: Client = {
  name: 'mc',
  prepare: () => goProgram('mc', versions.go.mc),
  async exercise(program, setting) {
    await makeTree(setting)
    const call = (...args: readonly string[]) =>
      command(setting, program, ['--config-dir', join(setting.folder, 'mc'), ...args])
    await call('alias', 'set', 's', setting.endpoint, setting.accessKey, setting.secretKey)
    const at = `s/${setting.bucket}`
    await call('mb', at)
    await call('cp', '--recursive', 'tree/', `${at}/tree/`)
    await call('mirror', `${at}/tree`, 'back')
    await sameTree(setting, 'back')
    await call('cp', `${at}/tree/large`, `${at}/copy`)
    expectText(await call('stat', `${at}/copy`), '20 MiB', 'stat')
    expectText(await call('diff', 'tree', `${at}/tree`), '', 'diff')
    await call('rm', '--recursive', '--force', at)
    await call('rb', at)
    return 'alias, mb, cp, mirror, copy, stat, diff, rm, rb'
  },
}

const restic: Client = {
  name: 'restic',
  prepare: () => debianProgram('restic', versions.debian.restic),
  async exercise(program, setting) {
    await makeTree(setting)
    const environment = {
      RESTIC_REPOSITORY: `s3:${setting.endpoint}/${setting.bucket}`,
      RESTIC_PASSWORD: 'secret of a test',
    }
    const call = (...args: readonly string[]) => command(setting, program, args, environment)
    await call('init')
    await call('backup', '-q', 'tree')
    await cp(join(setting.folder, 'tree/empty'), join(setting.folder, 'tree/another'))
    await call('backup', '-q', 'tree')
    expectText(await call('check', '--read-data'), 'no errors were found', 'check')
    await call('restore', 'latest', '-q', '--target', 'back')
    await sameTree(setting, 'back/tree')
    await call('forget', '-q', '--keep-last', '1', '--prune')
    return 'init, two backups, check --read-data, restore, forget --prune'
  },
}

export const commandLineClients: readonly Client[] = [awsCli, s3cmd, rclone, mc, restic]
