import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import type { TlsFiles } from '../files/certificate.ts'

/** What a node is started with. */
export interface NodeOptions {
  readonly role: 'proxy' | 'target'
  readonly platform: Platform
  readonly local: LocalConfig
  /** The cluster config of the file; what the cluster has agreed on since takes precedence. */
  readonly config: ClusterConfig
  /** Settings for this node alone, in the shape of `set-config` (`-config_custom`). */
  readonly overrides?: { readonly json: unknown; readonly transient: boolean } | undefined
  readonly daemonId?: string | undefined
  /** Public URL of a gateway to join through; absent for the one that starts a cluster. */
  readonly joinUrl?: string | undefined
  /** Never leads, as a gateway. */
  readonly nonElectable?: boolean | undefined
  /** A node without a cluster waits for an administrator to take it in. */
  readonly standby?: boolean | undefined
  /** Targets the first gateway waits for before it serves (`-ntargets`). */
  readonly targetsExpected?: number | undefined
  /** Serves S3 at the root of this port as well; 0 takes a free one. */
  readonly s3Port?: number | undefined
  readonly logToStderr?: boolean | undefined
  /** Files for HTTPS, in place of those that the configuration names. */
  readonly tlsFiles?: TlsFiles | undefined
  /** 32 bytes that the secrets of access keys are sealed with; the same at every gateway of a cluster. */
  readonly sealingKey?: Uint8Array | undefined
  /** What departs from the limits of a target's disks. */
  readonly mountpathLimits?: Partial<MountpathLimits> | undefined
}
