/** Query parameters as upstream names them. @see AIStore api/apc/query.go */
export const queryParam = {
  what: 'what',
  props: 'props',
  uuid: 'uuid',
  jobId: 'jobid',
  regex: 'regex',
  onlyActive: 'only_active',
  // buckets and destinations
  provider: 'provider',
  namespace: 'namespace',
  bucketTo: 'bck_to',
  objectTo: 'object_to',
  keepBckMd: 'keep_bck_md',
  dontAddRemote: 'dont_add_remote_bck_md',
  dontHeadRemote: 'dont_head_remote_bck',
  summaryRemote: 'bsumm_remote',
  presence: 'presence',
  system: 'sys',
  // configuration
  transient: 'transient',
  // data path
  appendType: 'append_type',
  appendHandle: 'append_handle',
  archivePath: 'archpath',
  archiveMime: 'archmime',
  archiveRegex: 'archregx',
  archiveMode: 'archmode',
  setNewCustom: 'set-new-custom',
  skipVersionChecksum: 'skip_vc',
  latestVersion: 'latest-ver',
  synchronize: 'synchronize',
  validateChecksum: 'validate-checksum',
  silent: 'sln',
  force: 'frc',
  etlName: 'etl_name',
  etlPipeline: 'etl_pipeline',
  etlArgs: 'etl_args',
  // multipart
  uploads: 'uploads',
  uploadId: 'uploadId',
  partNumber: 'partNumber',
  // logs
  severity: 'severity',
  offset: 'offset',
  all: 'all',
  // mountpaths
  mountpathLabel: 'mountpath_label',
  dontResilver: 'dntres',
  // health
  readiness: 'readiness',
  primaryReady: 'prr',
  askPrimary: 'apr',
  clusterInfo: 'cii',
  clusterInfoPrimary: 'cii-apr',
  // redirect marker
  redirectedBy: 'pid',
  redirectTime: 'utm',
  /** Ours: the ID of the bucket the gateway saw. */
  bucketId: 'bid',
  smapVersion: 'vpams',
  nonce: 'x',
  signature: 'u',
  // elections
  candidate: 'can',
  prepare: 'prp',
} as const

/** Values of `presence`. @see AIStore api/apc/const.go */
export const presence = {
  exists: 0,
  existsNoProps: 1,
  present: 2,
  presentNoProps: 3,
  presentCluster: 4,
  existsOutside: 5,
} as const
