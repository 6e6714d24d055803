import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localConfigToJson } from '@aistore-ts/core/config/local-config.ts'
import {
  type NodeProcess,
  startNodeProcess,
} from '@aistore-ts/node-daemon/launcher/node-process.ts'
import { makeFolders, nodeLocalConfig } from '@aistore-ts/node-daemon/server/cluster-layout.ts'

/** What the target was started with. */
export interface TargetProcess {
  readonly node: NodeProcess
  readonly localFile: string
  readonly configFile: string
}

/** Starts a target of one disk below `dir` in a process of its own, and resolves when it is ready. */
export async function startTargetProcess(
  dir: string,
  primaryUrl: string,
  daemonId: string,
): Promise<TargetProcess> {
  const local = nodeLocalConfig(dir, 'target', 0, { port: 0, mountpaths: 1 })
  await makeFolders(local)
  const localFile = join(dir, 'local.json')
  const configFile = join(dir, 'cluster.json')
  await writeFile(
    localFile,
    JSON.stringify({ ...localConfigToJson(local), fspaths: local.fspaths }),
  )
  await writeFile(configFile, JSON.stringify({ proxy: { primary_url: primaryUrl } }))
  const node = startNodeProcess({
    name: 'target',
    runtime: 'node',
    args: [
      '-role=target',
      `-config=${configFile}`,
      `-local_config=${localFile}`,
      `-daemon_id=${daemonId}`,
    ],
    dir,
  })
  await node.ready
  return { node, localFile, configFile }
}
