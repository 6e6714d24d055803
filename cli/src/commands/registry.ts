import type { Command } from '../command.ts'
import { randomMountpath } from './advanced/random-mountpath.ts'
import { randomNode } from './advanced/random-node.ts'
import { removeFromSmap } from './advanced/remove-from-smap.ts'
import { aliasReset, aliasRm, aliasSet, aliasShow } from './alias/alias.ts'
import { archiveBucket } from './archive/archive-bucket.ts'
import { archiveGet, archiveLs } from './archive/archive-get.ts'
import { archivePut } from './archive/archive-put.ts'
import { genShards } from './archive/gen-shards.ts'
import { bucketCp, bucketMv } from './bucket/cp.ts'
import { bucketCreate } from './bucket/create.ts'
import { bucketEvict, objectPrefetch } from './bucket/evict.ts'
import { bucketLs } from './bucket/ls.ts'
import { bucketPropsReset, bucketPropsSet, bucketPropsShow } from './bucket/props.ts'
import { bucketRechunk } from './bucket/rechunk.ts'
import { bucketRm } from './bucket/rm.ts'
import { shardIndexBuild, shardIndexSummary } from './bucket/shard-index.ts'
import { bucketSummary } from './bucket/summary.ts'
import { edgeCommands } from './cluster/edge.ts'
import { clusterDecommission, clusterShutdown } from './cluster/end.ts'
import { clusterJoin } from './cluster/join.ts'
import { nodeServices } from './cluster/node-service.ts'
import { rebalanceShow, rebalanceStart, rebalanceStop } from './cluster/rebalance.ts'
import { clusterSetPrimary } from './cluster/set-primary.ts'
import { upkeepCommands } from './cluster/upkeep.ts'
import { configCliReset, configCliSet, configCliShow } from './config/cli.ts'
import { configCluster } from './config/cluster.ts'
import { configNode } from './config/node.ts'
import { configReset } from './config/reset.ts'
import { search } from './general/search.ts'
import { showVersion } from './general/version.ts'
import { startDownload } from './job/download.ts'
import { showJob } from './job/show-job.ts'
import { startJob, startResilver } from './job/start.ts'
import { removeDownloads, stopJob } from './job/stop.ts'
import { waitJob } from './job/wait.ts'
import { clusterDownloadLogs, logGet } from './log/get.ts'
import { logShow } from './log/show.ts'
import { mlGetBatch } from './ml/get-batch.ts'
import { mlLhotseGetBatch } from './ml/lhotse-get-batch.ts'
import { objectCat } from './object/cat.ts'
import { objectConcat } from './object/concat.ts'
import { objectCp } from './object/cp.ts'
import { objectGet } from './object/get.ts'
import { mpuAbort, mpuComplete, mpuCreate, mpuPutPart } from './object/mpu.ts'
import { objectMv } from './object/mv.ts'
import { objectPromote } from './object/promote.ts'
import { objectPut } from './object/put.ts'
import { objectRm } from './object/rm.ts'
import { objectSetCustom } from './object/set-custom.ts'
import { objectShow } from './object/show-object.ts'
import { s3KeyCreate, s3KeyDisable, s3KeyEnable, s3KeyLs, s3KeyRm } from './s3/key.ts'
import { s3UserCreate, s3UserLs, s3UserRm } from './s3/user.ts'
import { showCluster } from './show/cluster.ts'
import { showClusterBmd } from './show/cluster-bmd.ts'
import { showClusterCpu, showClusterMemory } from './show/cluster-cpu.ts'
import { showClusterSmap } from './show/cluster-smap.ts'
import { showClusterConfigCommand, showConfig } from './show/config.ts'
import { showDashboard } from './show/dashboard.ts'
import { showRemoteCluster } from './show/remote-cluster.ts'
import { storageCapacity } from './storage/capacity.ts'
import { storageDisk } from './storage/disk.ts'
import { mountpathChanges } from './storage/mountpath-change.ts'
import { mountpathShow } from './storage/mountpath-show.ts'

/** Every command of the tool. */
export const commands: readonly Command[] = [
  bucketLs,
  bucketSummary,
  bucketPropsShow,
  bucketPropsSet,
  bucketPropsReset,
  bucketCreate,
  bucketRm,
  bucketCp,
  bucketMv,
  bucketRechunk,
  shardIndexBuild,
  shardIndexSummary,
  bucketEvict,
  objectPrefetch,
  archiveBucket,
  archivePut,
  archiveGet,
  archiveLs,
  genShards,
  objectPromote,
  mlGetBatch,
  mlLhotseGetBatch,
  objectGet,
  objectPut,
  objectCat,
  objectConcat,
  objectCp,
  objectMv,
  objectRm,
  objectSetCustom,
  objectShow,
  mpuCreate,
  mpuPutPart,
  mpuComplete,
  mpuAbort,
  showCluster,
  showClusterSmap,
  showClusterBmd,
  showClusterConfigCommand,
  showClusterCpu,
  showClusterMemory,
  showConfig,
  showDashboard,
  showRemoteCluster,
  configCluster,
  configNode,
  configCliShow,
  configCliSet,
  configCliReset,
  configReset,
  mountpathShow,
  ...mountpathChanges,
  storageDisk,
  storageCapacity,
  logShow,
  logGet,
  clusterDownloadLogs,
  clusterSetPrimary,
  ...upkeepCommands,
  ...nodeServices,
  clusterJoin,
  startJob,
  startResilver,
  startDownload,
  stopJob,
  waitJob,
  removeDownloads,
  showJob,
  ...edgeCommands,
  rebalanceStart,
  rebalanceStop,
  rebalanceShow,
  clusterShutdown,
  clusterDecommission,
  aliasShow,
  aliasSet,
  aliasRm,
  aliasReset,
  randomNode,
  randomMountpath,
  removeFromSmap,
  s3UserCreate,
  s3UserLs,
  s3UserRm,
  s3KeyCreate,
  s3KeyLs,
  s3KeyDisable,
  s3KeyEnable,
  s3KeyRm,
  search,
  showVersion,
]
